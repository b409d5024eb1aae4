package org.segtrain.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.segtrain.errors.DataException;

/**
 * Images in {@code images/SPLIT} with their masks, of the same base name, in {@code annotations}.
 */
final class LabelledImages implements Dataset {

  private record Pair(String name, Path image, Path mask) {}

  private final String name;
  private final List<String> classes;
  private final Map<Split, List<Pair>> pairs;
  private final LabelRule rule;

  /**
   * Lists the files of {@code dir}; they are read later, one at a time.
   *
   * @throws DataException if a folder, a mask or an image is missing
   */
  LabelledImages(String name, List<String> classes, LabelRule rule, Path dir) {
    this.name = name;
    this.classes = List.copyOf(classes);
    this.rule = rule;
    this.pairs =
        Map.of(
            Split.TRAINING, pairs(dir, Split.TRAINING),
            Split.VALIDATION, pairs(dir, Split.VALIDATION));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<String> classes() {
    return classes;
  }

  @Override
  public int size(Split split) {
    return pairs.get(split).size();
  }

  @Override
  public String file(Split split, int index) {
    return pairs.get(split).get(index).image().toString();
  }

  @Override
  public Sample read(Split split, int index) {
    Pair pair = pairs.get(split).get(index);
    Picture picture = ImageFiles.readRgb(pair.image());
    LabelMap mask = ImageFiles.readLabels(pair.mask());
    if (picture.width() != mask.width() || picture.height() != mask.height()) {
      throw new DataException(
          "%s is %d x %d after EXIF rotation, but its mask %s is %d x %d; make them one size"
              .formatted(
                  pair.image(),
                  picture.width(),
                  picture.height(),
                  pair.mask(),
                  mask.width(),
                  mask.height()));
    }
    return new Sample(
        pair.name(),
        picture.width(),
        picture.height(),
        picture.rgb(),
        rule.apply(mask, pair.mask()));
  }

  private static List<Pair> pairs(Path dir, Split split) {
    Path imageFolder = dir.resolve("images").resolve(split.toString());
    Path maskFolder = dir.resolve("annotations").resolve(split.toString());
    Map<String, Path> images = files(imageFolder);
    Map<String, Path> masks = files(maskFolder);
    if (images.isEmpty()) {
      throw new DataException(
          "%s has no .jpg or .png files; put the %s images there".formatted(imageFolder, split));
    }
    List<Pair> pairs = new ArrayList<>();
    images.forEach((name, image) -> pairs.add(new Pair(name, image, masks.remove(name))));
    for (Pair pair : pairs) {
      if (pair.mask() == null) {
        throw new DataException(
            "%s has no mask; add %s or take the image out"
                .formatted(pair.image(), maskFolder.resolve(pair.name() + ".png")));
      }
    }
    if (!masks.isEmpty()) {
      throw new DataException(
          "%s has no image in %s; add it or take the mask out"
              .formatted(masks.values().iterator().next(), imageFolder));
    }
    return List.copyOf(pairs);
  }

  /** Image files by base name, in the order of their names. */
  private static Map<String, Path> files(Path folder) {
    Map<String, Path> files = new TreeMap<>();
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path file : entries.filter(ImageFiles::isImage).sorted().toList()) {
        Path twin = files.put(baseName(file), file);
        if (twin != null) {
          throw new DataException(
              "%s and %s have the same base name; keep one".formatted(twin, file));
        }
      }
    } catch (IOException e) {
      throw new DataException(
          ("cannot list the folder %s; a data set has images/training, images/validation,"
                  + " annotations/training and annotations/validation")
              .formatted(folder),
          e);
    }
    return files;
  }

  private static String baseName(Path file) {
    String name = file.getFileName().toString();
    return name.substring(0, name.lastIndexOf('.'));
  }
}
