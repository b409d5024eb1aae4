package org.segtrain.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.segtrain.errors.DataException;

/** Says that no images are where they are looked for, and what to do with what is there. */
final class NothingFound {

  private NothingFound() {}

  /** Of a folder of data with none of the usual folders. */
  static DataException in(Path dir) {
    boolean bare = Files.isDirectory(dir.resolve("images"));
    Optional<String> keys = bare ? OtherLayouts.inOne(dir, "images/") : OtherLayouts.keys(dir);
    if (keys.isPresent()) {
      return new DataException(
          "%s is not there, but the files lie as with %s; give these"
              .formatted(dir.resolve("images/training"), keys.get()));
    }
    return bare
        ? withoutSplit(dir)
        : splitsOutside(dir)
            .orElseGet(
                () ->
                    new DataException(
                        ("cannot list the folder %s; a data set has images/training,"
                                + " images/validation, annotations/training and"
                                + " annotations/validation, or says with files.images and"
                                + " files.masks where its files are")
                            .formatted(dir.resolve("images/training"))));
  }

  /** Says what else is in the folder of images. */
  private static DataException withoutSplit(Path dir) {
    OtherSplits others = OtherSplits.of(dir, "images/{split}");
    return new DataException(
        others
            .keys()
            .map(
                keys ->
                    "%s has no folder of a usual name, such as training, but %s; give %s"
                        .formatted(dir.resolve("images"), others, keys))
            .orElseGet(
                () ->
                    ("%s has no folder for a split, such as %s%s; give files.splitValidation 0.2 to"
                            + " split a part off for validation, or lists of names with files.lists%s")
                        .formatted(
                            dir.resolve("images"),
                            dir.resolve("images/training"),
                            others.isEmpty() ? "" : ", but " + others,
                            others.isEmpty()
                                ? ""
                                : ", or say with files.splits which folders are splits")));
  }

  /** Where splits of other names lie beside one another, each with its images. */
  private static Optional<DataException> splitsOutside(Path dir) {
    OtherSplits others = OtherSplits.of(dir, "{split}/images");
    return others
        .keys()
        .map(
            keys ->
                new DataException(
                    "%s has no folder of a usual name, such as training, but %s; give %s"
                        .formatted(dir, others, keys)));
  }

  /** The same where it is said what splits are called. */
  static DataException in(Path dir, DataFiles files) {
    String tried =
        Layout.candidates(Split.TRAINING, files).stream()
            .flatMap(name -> Stream.of("images/" + name, name + "/images"))
            .map(folder -> dir.resolve(folder).toString())
            .collect(Collectors.joining(" and "));
    return new DataException(
        "neither of %s is there, but files.splits is %s; correct it, or leave it out"
            .formatted(tried, String.join(",", files.splits())));
  }
}
