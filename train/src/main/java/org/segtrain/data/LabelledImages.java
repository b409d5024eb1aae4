package org.segtrain.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.segtrain.data.internal.HeaderCheck;
import org.segtrain.data.internal.ImageListing;
import org.segtrain.data.internal.LeftOut;
import org.segtrain.errors.DataException;

/**
 * Images in {@code images/SPLIT} with their masks, of the same base name, in {@code annotations}.
 */
final class LabelledImages implements Dataset, HeaderCheck {

  private record Pair(String name, Path image, Path mask) {

    void requireOneSize(Extent seen, Extent labelled) {
      if (!seen.equals(labelled)) {
        throw new DataException(
            "%s is %s after EXIF rotation, but its mask %s is %s; make them one size"
                .formatted(image, seen, mask, labelled));
      }
    }

    /** What is wrong as far as the headers of its files say, if anything is. */
    Optional<DataException> inHeaders() {
      try {
        requireOneSize(Extent.ofPhotograph(image), Extent.ofMask(mask));
        return Optional.empty();
      } catch (DataException e) {
        return Optional.of(e);
      }
    }
  }

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
    pair.requireOneSize(
        new Extent(picture.width(), picture.height()), new Extent(mask.width(), mask.height()));
    return new Sample(
        pair.name(),
        picture.width(),
        picture.height(),
        picture.rgb(),
        rule.apply(mask, pair.mask()));
  }

  @Override
  public void checkHeaders(Split split) {
    pairs.get(split).parallelStream()
        .flatMap(pair -> pair.inHeaders().stream())
        .findFirst()
        .ifPresent(
            wrong -> {
              throw wrong;
            });
  }

  private static List<Pair> pairs(Path dir, Split split) {
    Path imageFolder = dir.resolve("images").resolve(split.toString());
    Path maskFolder = dir.resolve("annotations").resolve(split.toString());
    LeftOut leftOut = new LeftOut();
    Map<String, Path> images = files(imageFolder, leftOut);
    Map<String, Path> masks = files(maskFolder, leftOut);
    leftOut.refuseUnread(imageFolder);
    if (images.isEmpty()) {
      throw new DataException(
          "%s has no images (%s)%s; put the %s images there"
              .formatted(
                  imageFolder,
                  ImageFormat.readOnes(),
                  leftOut.isEmpty() ? "" : ", but " + leftOut,
                  split));
    }
    if (!leftOut.isEmpty()) {
      Warnings.say("left out of the %s images of %s: %s".formatted(split, dir, leftOut));
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
  private static Map<String, Path> files(Path folder, LeftOut leftOut) {
    Map<String, Path> files = new TreeMap<>();
    try {
      ImageListing listing = ImageListing.of(folder);
      leftOut.add(listing.leftOut());
      for (Path file : listing.images()) {
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
