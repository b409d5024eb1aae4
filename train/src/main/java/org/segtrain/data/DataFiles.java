package org.segtrain.data;

import java.util.List;
import java.util.stream.Stream;
import org.segtrain.errors.UsageException;

/**
 * Where the files of a data set are below its folder, and what the values of its masks mean.
 *
 * <p>A pattern has {@code {name}}, which an image and its mask have in common, may have {@code
 * {split}}, and a {@code *} for a folder that both share. Without an extension every kind of image
 * fits.
 *
 * @param images pattern of the images; empty to look for {@code images/{split}/{name}} and the like
 * @param masks pattern of their masks
 * @param splits names of the splits for training, validation and test in patterns; empty to look
 *     for train or training, and the like
 * @param lists pattern of text files, one for each split, with a name a line; empty for none
 * @param splitValidation share of the training images that is split off for validation, by a hash
 *     of the name. 0 if they are apart already, 1 to measure on all images of a folder without
 *     splits
 * @param first value of the first class in a mask
 * @param voids values that are neither trained nor scored
 * @param labels values of other classes, {@code 255=foreground}, or ranges, {@code 0-6=void}
 * @param colours whether the colours of masks, not their stored values, say the class
 * @param palette colours of the classes in pictures, {@code #rrggbb}; empty for those of the data
 *     set
 */
public record DataFiles(
    String images,
    String masks,
    List<String> splits,
    String lists,
    double splitValidation,
    int first,
    List<Integer> voids,
    List<String> labels,
    boolean colours,
    List<String> palette) {

  /** Folders that are found by themselves; masks hold classes from 0, and 255 for void. */
  public static final DataFiles USUAL =
      new DataFiles("", "", List.of(), "", 0, 0, List.of(Sample.VOID), List.of(), false, List.of());

  /** The largest value of a mask of 16 bits. */
  private static final int HIGHEST = 65_535;

  public DataFiles {
    splits = List.copyOf(splits);
    voids = List.copyOf(voids);
    labels = List.copyOf(labels);
    palette = List.copyOf(palette);
    if (images.isEmpty() != masks.isEmpty()) {
      throw new UsageException(
          "files.images and files.masks go together, but files.%s is missing; give both"
              .formatted(images.isEmpty() ? "images" : "masks"));
    }
    if (!images.isEmpty()) {
      checkPatterns(PathPattern.of("files.images", images), PathPattern.of("files.masks", masks));
    }
    if (!lists.isEmpty()) {
      PathPattern.ofLists("files.lists", lists);
    }
    if (!splits.isEmpty() && (splits.size() < 2 || splits.size() > Split.values().length)) {
      throw new UsageException(
          "files.splits must have the names for training and validation, and perhaps test, as in"
              + " train,val,test, but has %d: %s".formatted(splits.size(), splits));
    }
    if (splits.stream().distinct().count() < splits.size()) {
      throw new UsageException(
          "files.splits gives two splits one name, %s; give each its own"
              .formatted(String.join(",", splits)));
    }
    if (!(splitValidation >= 0 && splitValidation <= 1)) {
      throw new UsageException(
          "files.splitValidation must be from 0 to 1, but is " + splitValidation);
    }
    palette.forEach(DataFiles::colour);
    Stream.concat(Stream.of(first), voids.stream()).forEach(DataFiles::checkValue);
  }

  /**
   * {@code #rrggbb} as {@code 0xRRGGBB}.
   *
   * @throws UsageException if it is no colour
   */
  public static int colour(String hex) {
    if (!hex.matches("#[0-9a-fA-F]{6}")) {
      throw new UsageException(
          "files.palette has colours such as #4682b4, but one is \"%s\"".formatted(hex));
    }
    return Integer.parseInt(hex.substring(1), 16);
  }

  private static void checkPatterns(PathPattern images, PathPattern masks) {
    if (images.stars() != masks.stars()) {
      throw new UsageException(
          "files.images and files.masks must have a * for each other's, but are \"%s\" and \"%s\""
              .formatted(images.text(), masks.text()));
    }
    if (images.equals(masks)) {
      throw new UsageException(
          "files.images and files.masks are the same, \"%s\"; say how masks differ, as in"
                  .formatted(images.text())
              + " {name}_mask.png");
    }
  }

  private static void checkValue(int value) {
    if (value < 0 || value > HIGHEST) {
      throw new UsageException(
          "files.first and files.voids are values of masks, from 0 to %d, but one is %d"
              .formatted(HIGHEST, value));
    }
  }
}
