package org.segtrain.export;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.segtrain.errors.DataException;
import org.segtrain.serving.InputSize;
import org.segtrain.serving.SegmentationServingTranslator;
import org.segtrain.torchscript.export.Report;

/**
 * A model as a folder that DJL and DJL Serving load: TorchScript, the names of the classes, how DJL
 * is to run it, and the translator.
 */
final class DjlFolder {

  private static final String MODEL = "model.pt"; // DJL looks for these three names
  private static final String PROPERTIES = "serving.properties";
  private static final String LIBRARIES = "libs";
  private static final String CLASSES = "synset.txt"; // the translator for this one
  private static final String JAR = "segtrain-serving.jar";

  /** All that an export writes. */
  private static final Set<String> OWN =
      Set.of(MODEL, PROPERTIES, LIBRARIES, CLASSES, ModelCard.NAME, JAR);

  private DjlFolder() {}

  /**
   * Writes the folder, whole or not at all. One that holds an earlier export is replaced.
   *
   * @throws IllegalArgumentException if the model would not read and give bytes
   * @throws DataException if the folder holds anything else, or cannot be written
   */
  static Report write(Original model, Deployment form, ModelCard card, Path folder) {
    if (form.input() != InputForm.UINT8 || form.output() != OutputForm.CLASSES) {
      throw new IllegalArgumentException(
          "format djl has input %s and output %s, but they are to be %s and %s; choose format torchscript"
              .formatted(InputForm.UINT8, OutputForm.CLASSES, form.input(), form.output()));
    }
    try {
      refuseForeign(folder);
      FolderDraft draft = FolderDraft.beside(folder);
      try {
        Report report = TorchScriptFile.write(model, form, card, draft.path().resolve(MODEL));
        describe(card, draft.path());
        draft.publish();
        return report;
      } finally {
        draft.discard();
      }
    } catch (IOException e) {
      throw new DataException("cannot write %s: %s".formatted(folder, e.getMessage()), e);
    }
  }

  private static void describe(ModelCard card, Path folder) throws IOException {
    Files.writeString(folder.resolve(PROPERTIES), properties(card));
    Files.write(
        folder.resolve(CLASSES), card.classes().stream().map(ModelCard.Label::name).toList());
    Files.writeString(folder.resolve(ModelCard.NAME), card.json());
    TranslatorJar.write(Files.createDirectory(folder.resolve(LIBRARIES)).resolve(JAR));
  }

  private static String properties(ModelCard card) {
    Map<String, String> properties = new TreeMap<>(size(card).properties());
    properties.put("engine", "PyTorch");
    properties.put("option.mapLocation", "true"); // to the device that DJL is told to use
    properties.put("translator", SegmentationServingTranslator.class.getName());
    properties.put("palette", palette(card));
    return properties.entrySet().stream()
        .map(property -> "%s=%s\n".formatted(property.getKey(), property.getValue()))
        .collect(Collectors.joining());
  }

  /** That of evaluation, without the padding of HRFormer's. */
  private static InputSize size(ModelCard card) {
    if (card.crop() == null) {
      return InputSize.OWN;
    }
    return switch (card.images()) {
      case ALIGNED -> new InputSize(card.crop(), 4 * card.crop(), 32);
      case EXACT -> new InputSize(card.crop(), 4 * card.crop(), 1);
      case HRFORMER -> InputSize.OWN;
    };
  }

  private static String palette(ModelCard card) {
    return card.classes().stream()
        .map(label -> label.colour().substring(1)) // #rrggbb
        .collect(Collectors.joining(","));
  }

  private static void refuseForeign(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    if (!Files.isDirectory(folder)) {
      throw new DataException("cannot write %s: it is a file".formatted(folder));
    }
    try (Stream<Path> content = Files.walk(folder)) {
      content
          .skip(1) // the folder itself
          .filter(file -> !OWN.contains(file.getFileName().toString()))
          .findFirst()
          .ifPresent(foreign -> refuse(folder, foreign));
    }
  }

  private static void refuse(Path folder, Path foreign) {
    throw new DataException(
        "cannot write %s: it holds %s, which is no part of an export; choose another folder"
            .formatted(folder, folder.relativize(foreign)));
  }
}
