package org.segtrain.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What to give where files lie as others lay them, as docs/data.md lists it. */
final class OtherLayouts {

  private static final String PATTERNS = "files.images %s and files.masks %s";

  /** What is given where a folder of that name is. */
  private static final Map<String, String> KNOWN =
      Map.of(
          "img_dir",
          PATTERNS.formatted("img_dir/{split}/{name}", "ann_dir/{split}/{name}"),
          "JPEGImages",
          PATTERNS.formatted("JPEGImages/{name}.jpg", "SegmentationClass/{name}.png")
              + " and files.lists ImageSets/Segmentation/{split}.txt",
          "leftImg8bit",
          PATTERNS.formatted(
              "leftImg8bit/{split}/{name}_leftImg8bit.png",
              "gtFine/{split}/{name}_gtFine_labelTrainIds.png"));

  private OtherLayouts() {}

  /** The keys for the files in {@code dir}; empty if they lie in no way that is known. */
  static Optional<String> keys(Path dir) {
    return KNOWN.entrySet().stream()
        .filter(known -> Files.isDirectory(dir.resolve(known.getKey())))
        .map(Map.Entry::getValue)
        .findFirst()
        .or(() -> ofSplits(dir))
        .or(() -> inOne(dir, ""));
  }

  /** Where the folder of training has photographs and masks side by side. */
  private static Optional<String> ofSplits(Path dir) {
    return Split.TRAINING.folders().stream()
        .flatMap(name -> Beside.of(images(dir.resolve(name))).stream())
        .map(beside -> beside.keys("{split}/"))
        .findFirst();
  }

  /**
   * Where one folder has photographs and masks side by side, which no split parts.
   *
   * @param folder below {@code dir}, with a slash behind it; empty for that itself
   */
  static Optional<String> inOne(Path dir, String folder) {
    return Beside.of(images(dir.resolve(folder)))
        .map(beside -> beside.keys(folder) + " and files.splitValidation 0.2");
  }

  private static List<Path> images(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> ImageFormat.promisedBy(file).isPresent()).sorted().toList();
    } catch (IOException e) {
      return List.of(); // nothing to propose from
    }
  }
}
