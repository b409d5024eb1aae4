package org.segtrain.export;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.segtrain.data.Palette;
import org.segtrain.errors.DataException;
import org.segtrain.serving.InputSize;
import org.segtrain.serving.SegmentationServingTranslator;

/**
 * A folder that DJL and DJL Serving load as a model: TorchScript, the names of the classes, how DJL
 * is to run it, and the translator.
 *
 * @param classes their names, by number
 * @param card what the model is, the content of {@code segtrain.json}
 * @param size at which photographs go into the model
 */
public record DjlFolder(List<String> classes, String card, InputSize size) {

  private static final String MODEL = "model.pt";
  private static final String PROPERTIES = "serving.properties";
  private static final String CLASSES = "synset.txt";
  private static final String CARD = "segtrain.json";
  private static final String LIBRARIES = "libs";
  private static final String JAR = "segtrain-serving.jar";

  /** All that an export writes. */
  private static final Set<String> OWN = Set.of(MODEL, PROPERTIES, CLASSES, CARD, LIBRARIES, JAR);

  public DjlFolder {
    classes = List.copyOf(classes);
  }

  /**
   * Writes the folder, whole or not at all. One that holds an earlier export is replaced.
   *
   * @param model writes the TorchScript file that it is given; it reads bytes {@code B H W 3} and
   *     gives, as its only or first output, bytes {@code B H W}, the classes
   * @throws DataException if the folder holds anything else, or cannot be written
   */
  public void write(Path folder, Consumer<Path> model) {
    try {
      refuseForeign(folder);
      FolderDraft draft = FolderDraft.beside(folder);
      try {
        fill(draft.path(), model);
        draft.publish();
      } finally {
        draft.discard();
      }
    } catch (IOException e) {
      throw new DataException("cannot write %s: %s".formatted(folder, e.getMessage()), e);
    }
  }

  private void fill(Path folder, Consumer<Path> model) throws IOException {
    model.accept(folder.resolve(MODEL));
    Files.writeString(folder.resolve(PROPERTIES), String.join("\n", properties()) + "\n");
    Files.writeString(folder.resolve(CLASSES), String.join("\n", classes) + "\n");
    Files.writeString(folder.resolve(CARD), card);
    TranslatorJar.write(Files.createDirectory(folder.resolve(LIBRARIES)).resolve(JAR));
  }

  private List<String> properties() {
    Map<String, String> properties = new TreeMap<>(size.properties());
    properties.put("engine", "PyTorch");
    properties.put("option.mapLocation", "true"); // to the device that DJL is told to use
    properties.put("translator", SegmentationServingTranslator.class.getName());
    properties.put("palette", palette());
    List<String> lines = new ArrayList<>();
    properties.forEach((key, value) -> lines.add(key + "=" + value));
    return lines;
  }

  private String palette() {
    Palette palette = Palette.of(classes.size());
    return String.join(
        ",",
        IntStream.range(0, classes.size())
            .mapToObj(label -> "%06x".formatted(palette.rgb(label)))
            .toList());
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
          .ifPresent(
              file -> {
                throw new DataException(
                    "cannot write %s: it holds %s, which is no part of an export; choose another folder"
                        .formatted(folder, folder.relativize(file)));
              });
    }
  }
}
