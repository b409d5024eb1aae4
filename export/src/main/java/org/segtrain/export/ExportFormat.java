package org.segtrain.export;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.segtrain.errors.DataException;
import org.segtrain.errors.UsageException;
import org.segtrain.inference.Resources;
import org.segtrain.names.Choice;
import org.segtrain.onnx.Onnx;
import org.segtrain.torchscript.Report;

/**
 * The kinds of files that hold a model for use elsewhere. A row is a kind: how one is written and
 * loaded.
 */
public enum ExportFormat {
  /** For PyTorch in every language, and for further training. */
  TORCHSCRIPT(
      form -> {},
      file -> refuseForeign(file, TorchScriptFile.isAt(file)),
      TorchScriptFile::write,
      TorchScriptProgram::load,
      ".pt",
      ".pth"),
  /** For ONNX Runtime and other runtimes. */
  ONNX(
      WithOnnxRuntime::check,
      file -> refuseForeign(file, Onnx.isAt(file)),
      WithOnnxRuntime::write,
      WithOnnxRuntime::load,
      ".onnx"),
  /** A folder for DJL and DJL Serving. */
  DJL(DjlFolder::check, DjlFolder::refuseForeign, DjlFolder::write, TorchScriptProgram::load);

  /** Writes a model after comparing the file with it. */
  private interface Writer {
    Report write(ExportSource model, Deployment form, ModelCard card, Path out);
  }

  /** Loads the file that holds the program. */
  private interface Loader {
    Program load(Path file, Resources resources);
  }

  private final Consumer<Deployment> check;
  private final Consumer<Path> place;
  private final Writer writer;
  private final Loader loader;
  private final List<String> endings;

  ExportFormat(
      Consumer<Deployment> check,
      Consumer<Path> place,
      Writer writer,
      Loader loader,
      String... endings) {
    this.check = check;
    this.place = place;
    this.writer = writer;
    this.loader = loader;
    this.endings = List.of(endings);
  }

  /**
   * Refuses a form that this format does not have.
   *
   * @throws UsageException if it is such a form
   */
  public void check(Deployment form) {
    check.accept(form);
  }

  /**
   * Refuses to replace anything but an earlier export.
   *
   * @throws DataException if something else is at {@code out}
   */
  public void checkPlace(Path out) {
    place.accept(out);
  }

  private static void refuseForeign(Path file, boolean own) {
    if (!own && Files.isRegularFile(file) && file.toFile().length() > 0) {
      throw new DataException(
          "%s is there and is no earlier export, so it is not overwritten; give another name"
              .formatted(file));
    }
  }

  /**
   * Writes {@code model}: loads the new file, compares it with the model, and only then replaces an
   * earlier export at {@code out}.
   *
   * @param card its description in that form
   * @throws UsageException if it cannot be exported in that form
   * @throws DataException if it cannot be written, or something else is there
   */
  public Report write(ExportSource model, Deployment form, ModelCard card, Path out) {
    check(form);
    checkPlace(out);
    return writer.write(model, form, card, out);
  }

  /** Loads the file that holds the program. */
  Program load(Path file, Resources resources) {
    return loader.load(file, resources);
  }

  /**
   * The format of the file or folder {@code place}, by its name or content; empty if it is no
   * export.
   */
  static Optional<ExportFormat> at(Path place) {
    if (Files.isDirectory(place)) {
      return DjlFolder.isAt(place) ? Optional.of(DJL) : Optional.empty();
    }
    return named(place);
  }

  /** The name at every border, {@code torchscript}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The format of that name.
   *
   * @throws UsageException if there is none, naming the known ones
   */
  public static ExportFormat of(String name) {
    return Choice.of("format", values(), name);
  }

  /**
   * The format whose files end as {@code file} does.
   *
   * @throws UsageException if there is none, naming the known endings
   */
  public static ExportFormat ofEnding(Path file) {
    return named(file)
        .orElseThrow(
            () ->
                new UsageException(
                    "the name %s does not end as a format does; end it with %s, or name the format"
                        .formatted(file, known())));
  }

  private static Optional<ExportFormat> named(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    return Arrays.stream(values())
        .filter(format -> format.endings.stream().anyMatch(name::endsWith))
        .findFirst();
  }

  private static String known() {
    return Arrays.stream(values())
        .filter(format -> !format.endings.isEmpty())
        .map(format -> "%s (%s)".formatted(String.join(" or ", format.endings), format))
        .collect(Collectors.joining(", "));
  }

  /**
   * Calls that need ONNX Runtime, which a program may do without. A reference to a method of {@code
   * OnnxFile} would link that class as the rows are made.
   */
  private static final class WithOnnxRuntime {

    static void check(Deployment form) {
      linked(
          () -> {
            OnnxFile.check(form);
            return form;
          });
    }

    static Report write(ExportSource model, Deployment form, ModelCard card, Path out) {
      return linked(() -> OnnxFile.write(model, form, card, out));
    }

    static Program load(Path file, Resources resources) {
      return linked(() -> OnnxProgram.load(file, resources));
    }

    private static <T> T linked(Supplier<T> use) {
      try {
        return use.get();
      } catch (NoClassDefFoundError e) {
        throw new DataException(
            "format onnx needs ONNX Runtime, which is not on the class path; add com.microsoft.onnxruntime:onnxruntime, or take format torchscript",
            e);
      }
    }
  }
}
