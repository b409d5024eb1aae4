package org.segtrain.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The keys to give for files in the layouts of other tools (docs/data.md); only for files that are
 * there.
 */
final class OtherLayouts {

  private static final String PATTERNS = "files.images %s and files.masks %s";
  private static final String SHARE = " and files.splitValidation 0.2";

  /** Folders of masks beside {@code JPEGImages}, the first that has some. */
  private static final List<String> VOC_MASKS =
      List.of("SegmentationClass", "SegmentationClassPNG", "SegmentationClassRaw");

  private static final String VOC_LISTS = "ImageSets/Segmentation/{split}.txt";

  /** Ends of masks beside {@code leftImg8bit}. */
  private static final List<String> CITYSCAPES_ENDS =
      List.of("_gtFine_labelTrainIds.png", "_gtFine_labelIds.png");

  private OtherLayouts() {}

  /** The keys for the files in {@code dir}; empty if they lie in no way that is known. */
  static Optional<String> keys(Path dir) {
    return openMmlab(dir)
        .or(() -> voc(dir))
        .or(() -> cityscapes(dir))
        .or(() -> ofSplits(dir))
        .or(() -> inOne(dir, ""));
  }

  private static Optional<String> openMmlab(Path dir) {
    return Split.TRAINING.folders().stream()
        .filter(
            split ->
                Stream.of("img_dir", "ann_dir")
                    .noneMatch(folder -> below(dir.resolve(folder).resolve(split)).isEmpty()))
        .findFirst()
        .map(split -> PATTERNS.formatted("img_dir/{split}/{name}", "ann_dir/{split}/{name}"));
  }

  private static Optional<String> voc(Path dir) {
    List<Path> images = images(dir.resolve("JPEGImages"));
    Set<String> stems = images.stream().map(Beside::stem).collect(Collectors.toSet());
    String rest = hasLists(dir) ? " and files.lists " + VOC_LISTS : SHARE;
    for (String folder : VOC_MASKS) {
      List<Path> masks =
          images(dir.resolve(folder)).stream()
              .filter(mask -> stems.contains(Beside.stem(mask)))
              .toList();
      if (!masks.isEmpty()) {
        String image = "JPEGImages/{name}" + Beside.extension(images);
        String mask = folder + "/{name}" + Beside.extension(masks);
        return Optional.of(PATTERNS.formatted(image, mask) + rest);
      }
    }
    return Optional.empty();
  }

  private static boolean hasLists(Path dir) {
    return Stream.of(Split.TRAINING, Split.VALIDATION)
        .allMatch(
            split ->
                split.folders().stream()
                    .anyMatch(
                        name -> Files.exists(dir.resolve(VOC_LISTS.replace("{split}", name)))));
  }

  private static Optional<String> cityscapes(Path dir) {
    String image = "_leftImg8bit.png";
    for (String split : Split.TRAINING.folders()) {
      List<Path> masks = below(dir.resolve("gtFine").resolve(split));
      if (below(dir.resolve("leftImg8bit").resolve(split)).stream().anyMatch(endsIn(image))) {
        return CITYSCAPES_ENDS.stream()
            .filter(end -> masks.stream().anyMatch(endsIn(end)))
            .findFirst()
            .map(
                end ->
                    PATTERNS.formatted(
                        "leftImg8bit/{split}/{name}" + image, "gtFine/{split}/{name}" + end));
      }
    }
    return Optional.empty();
  }

  private static Predicate<Path> endsIn(String end) {
    return file -> file.getFileName().toString().endsWith(end);
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
    return Beside.of(images(dir.resolve(folder))).map(beside -> beside.keys(folder) + SHARE);
  }

  private static List<Path> below(Path folder) {
    return Files.isDirectory(folder) ? FoundFiles.listed(folder).images() : List.of();
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
