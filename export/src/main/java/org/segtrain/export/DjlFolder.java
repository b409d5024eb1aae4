package org.segtrain.export;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.segtrain.errors.DataException;
import org.segtrain.errors.IoReason;
import org.segtrain.errors.UsageException;
import org.segtrain.files.Draft;
import org.segtrain.serving.SegmentationServingTranslator;
import org.segtrain.serving.SegmentationTranslator;
import org.segtrain.torchscript.Report;

/**
 * A model as a folder that DJL and DJL Serving load: TorchScript, the names of the classes, DJL's
 * settings for it, and the translator.
 */
final class DjlFolder {

  private static final String MODEL = "model.pt"; // DJL looks for these names
  private static final String PROPERTIES = "serving.properties";
  private static final String LIBRARIES = "libs";
  private static final String JAR = "segtrain-serving.jar";

  /** The files that an export writes. */
  private static final Set<String> OWN =
      Set.of(MODEL, PROPERTIES, SegmentationTranslator.CLASSES, ModelCard.NAME);

  /** Files that file managers leave behind. */
  private static final Set<String> OF_FILE_MANAGERS =
      Set.of(".DS_Store", "Thumbs.db", "desktop.ini", ".directory");

  private DjlFolder() {}

  /** Whether {@code folder} has a program that DJL would load. */
  static boolean isAt(Path folder) {
    return Files.exists(program(folder));
  }

  /** The TorchScript file in it. */
  static Path program(Path folder) {
    return folder.resolve(MODEL);
  }

  /**
   * Refuses a model that does not read bytes, or whose output the translator does not know.
   *
   * @throws UsageException if it is such a one
   */
  static void check(Deployment form) {
    if (form.input() != InputForm.UINT8 || form.output() == OutputForm.FULL_LOGITS) {
      throw new UsageException(
          "format djl has input %s and output %s or %s, but got input %s and output %s; leave them out, or choose format torchscript"
              .formatted(
                  InputForm.UINT8,
                  OutputForm.CLASS_MAP,
                  OutputForm.LOGITS,
                  form.input(),
                  form.output()));
    }
  }

  /**
   * Writes the folder, whole or not at all. One that holds an earlier export is replaced.
   *
   * @throws DataException if the folder holds anything else, or cannot be written
   */
  static Report write(ExportSource model, Deployment form, ModelCard card, Path folder) {
    try (Draft draft = Draft.ofFolder(folder)) {
      return write(model, form, card, folder, draft);
    }
  }

  private static Report write(
      ExportSource model, Deployment form, ModelCard card, Path folder, Draft draft) {
    try {
      Report report = TorchScriptFile.write(model, form, card, draft.path().resolve(MODEL));
      describe(card, draft.path());
      refuseForeign(folder); // that came meanwhile
      draft.publish();
      return report;
    } catch (IOException e) {
      throw draft.failure(e);
    }
  }

  private static void describe(ModelCard card, Path folder) throws IOException {
    Files.writeString(folder.resolve(PROPERTIES), properties(card));
    Files.write(
        folder.resolve(SegmentationTranslator.CLASSES),
        card.classes().stream().map(ModelCard.Label::name).toList());
    Files.writeString(folder.resolve(ModelCard.NAME), card.json());
    TranslatorJar.write(Files.createDirectory(folder.resolve(LIBRARIES)).resolve(JAR));
  }

  private static String properties(ModelCard card) {
    Map<String, String> properties = new TreeMap<>(card.photographs().size().properties());
    properties.put("engine", "PyTorch");
    properties.put("option.mapLocation", "true"); // to the device that DJL is told to use
    properties.put("translator", SegmentationServingTranslator.class.getName());
    properties.put(SegmentationServingTranslator.PALETTE, palette(card));
    if (!card.givesClasses()) {
      properties.put(SegmentationTranslator.ALIGN_CORNERS, String.valueOf(card.alignCorners()));
    }
    return properties.entrySet().stream()
        .map(property -> "%s=%s\n".formatted(property.getKey(), property.getValue()))
        .collect(Collectors.joining());
  }

  private static String palette(ModelCard card) {
    return card.classes().stream()
        .map(label -> label.colour().substring(1)) // #rrggbb
        .collect(Collectors.joining(","));
  }

  /**
   * Refuses a folder that holds anything but an earlier export.
   *
   * @throws DataException if it does
   */
  static void refuseForeign(Path folder) {
    List<Path> content = content(folder);
    Path libraries = folder.resolve(LIBRARIES);
    boolean isEmpty = content.isEmpty();
    if (Files.isDirectory(libraries)) {
      content.remove(libraries);
      refuseForeign(folder, content(libraries), Set.of(JAR));
    }
    refuseForeign(folder, content, OWN);
    if (!isEmpty && !ModelCard.isIn(folder)) {
      throw new DataException(
          "cannot write %s: it holds a model of another program, for there is no %s of an export in it; choose another folder"
              .formatted(folder, ModelCard.NAME));
    }
  }

  private static void refuseForeign(Path folder, List<Path> content, Set<String> own) {
    for (Path file : content) {
      if (!own.contains(file.getFileName().toString()) || Files.isDirectory(file)) {
        throw new DataException(
            "cannot write %s: it holds %s, which is no part of an export; choose another folder"
                .formatted(folder, folder.relativize(file)));
      }
    }
  }

  /** The names in the folder but for traces of file managers; none if there is no folder. */
  private static List<Path> content(Path folder) {
    List<Path> content = new ArrayList<>();
    if (!Files.exists(folder)) {
      return content;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, DjlFolder::isOfSomebody)) {
      files.forEach(content::add);
      return content;
    } catch (NotDirectoryException e) {
      return content; // a file, which cannot become a folder
    } catch (DirectoryIteratorException e) {
      throw unreadable(folder, e.getCause());
    } catch (IOException e) {
      throw unreadable(folder, e);
    }
  }

  private static boolean isOfSomebody(Path file) {
    return !OF_FILE_MANAGERS.contains(file.getFileName().toString());
  }

  private static DataException unreadable(Path folder, IOException e) {
    return new DataException(
        "cannot look into %s, which is to be replaced: %s".formatted(folder, IoReason.of(e)), e);
  }
}
