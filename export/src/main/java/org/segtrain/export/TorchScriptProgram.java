package org.segtrain.export;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDList;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.segtrain.errors.DataException;
import org.segtrain.errors.IoReason;
import org.segtrain.errors.UsageException;
import org.segtrain.inference.Resources;
import org.segtrain.torchscript.LoadedScript;

/** A TorchScript file in DJL's PyTorch engine. */
record TorchScriptProgram(Path file, Optional<String> card, LoadedScript script)
    implements Program {

  private static final String CODE = "[^/]+/code/.+"; // the folder has the name of the file
  private static final int PICKLE = 0x80; // the operation that names the protocol
  private static final String CARD = "[^/]+/extra/" + ModelCard.NAME.replace(".", "\\.");

  /**
   * Loads a file.
   *
   * @throws DataException if it is none or broken
   */
  static TorchScriptProgram load(Path file, Resources resources) {
    Optional<String> card = readCard(file);
    boolean forCpu = card.isPresent() && ModelCard.of(file, card.get()).model().device() != null;
    if (forCpu && resources.device().isGpu()) {
      throw new UsageException(
          "%s is for a CPU, but the device is %s; choose --device cpu, or export the model with --optimize"
              .formatted(file, resources.device()));
    }
    try {
      return new TorchScriptProgram(file, card, LoadedScript.of(file, resources.device()));
    } catch (EngineException e) {
      if (forCpu && Reason.of(e).contains("Unknown builtin op")) {
        throw new DataException(
            "%s needs operations of oneDNN, which this PyTorch lacks; export the model with --optimize"
                .formatted(file),
            e);
      }
      throw new DataException(
          "the engine cannot load %s: %s; export it again".formatted(file, reason(e)), e);
    }
  }

  /** The engine names the line of its source where it checks an archive. */
  private static String reason(EngineException e) {
    String reason = Reason.of(e);
    return reason.startsWith("[enforce fail") ? "its archive is damaged" : reason;
  }

  /** Whether {@code file} is an archive with a description, which may not be whole. */
  static boolean hasCard(Path file) {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      return entry(zip, CARD).isPresent();
    } catch (IOException | IllegalArgumentException e) {
      return false; // the latter of a name that is no UTF-8
    }
  }

  private static Optional<String> readCard(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new DataException("cannot read %s: there is no such file".formatted(file));
    }
    try (ZipFile zip = new ZipFile(file.toFile())) {
      if (entry(zip, CODE).isEmpty()) {
        throw noProgram(file);
      }
      for (ZipEntry entry : Collections.list(zip.entries())) {
        requireWhole(file, zip, entry);
      }
      Optional<ZipEntry> card = entry(zip, CARD);
      return card.isEmpty() ? Optional.empty() : Optional.of(text(zip, card.get()));
    } catch (ZipException e) {
      throw isPickle(file)
          ? noProgram(file)
          : new DataException(
              "%s is no whole TorchScript file: %s; export or copy it again"
                  .formatted(file, e.getMessage()),
              e);
    } catch (IllegalArgumentException e) {
      throw new DataException(
          "%s is no whole TorchScript file: a name in it is no UTF-8; export or copy it again"
              .formatted(file),
          e);
    } catch (IOException e) {
      throw new DataException("cannot read %s: %s".formatted(file, IoReason.of(e)), e);
    }
  }

  /** Files of torch.save before 1.6 begin so. */
  private static boolean isPickle(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return in.read() == PICKLE;
    } catch (IOException e) {
      return false;
    }
  }

  private static DataException noProgram(Path file) {
    return new DataException(
        ("%s holds no program: it is a file of torch.save; export the model, or load it as a file"
                + " of weights")
            .formatted(file));
  }

  /** The engine reads damaged weights without a word. */
  private static void requireWhole(Path file, ZipFile zip, ZipEntry entry) throws IOException {
    CRC32 sum = new CRC32();
    try (InputStream in = new CheckedInputStream(zip.getInputStream(entry), sum)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    if (entry.getCrc() != sum.getValue()) {
      throw new DataException(
          "%s is damaged: its %s has the checksum %08x, where it was written with %08x; copy it again"
              .formatted(file, entry.getName(), sum.getValue(), entry.getCrc()));
    }
  }

  private static Optional<ZipEntry> entry(ZipFile zip, String name) {
    return zip.stream()
        .filter(entry -> entry.getName().matches(name))
        .findFirst()
        .map(ZipEntry.class::cast);
  }

  private static String text(ZipFile zip, ZipEntry entry) throws IOException {
    return new String(zip.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8);
  }

  @Override
  public List<Long> axes() {
    return List.of();
  }

  @Override
  public NDList run(NDList inputs) {
    try {
      return script.run(inputs);
    } catch (EngineException e) {
      throw Reason.ofRun(file, e);
    }
  }

  @Override
  public void close() {
    script.close();
  }
}
