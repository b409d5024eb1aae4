package org.segtrain.data;

import java.nio.file.Path;
import java.util.List;

/**
 * ADE20K as its scene parsing benchmark publishes it: 150 classes, in masks 1-150 and 0 for void.
 */
public final class Ade20kDataset {

  /** Where to get it. */
  public static final DatasetSource SOURCE =
      new DatasetSource(
          "ADE20K",
          List.of("ADEChallengeData2016"),
          "sceneparsing.csail.mit.edu",
          "ADEChallengeData2016.zip from the ADE20K scene parsing benchmark, unpack it",
          "images for non-commercial research and education, annotations BSD-3-Clause");

  /** Where its files are, and what values its masks have. */
  public static final DataFiles FILES =
      new DataFiles(
          "images/{split}/{name}",
          "annotations/{split}/{name}",
          List.of("training", "validation"),
          "",
          0,
          1,
          List.of(0),
          List.of(),
          false,
          List.of());

  private Ade20kDataset() {}

  /**
   * Lists the files of {@code dir}, which is the folder ADEChallengeData2016 or the one it lies in.
   *
   * @throws org.segtrain.errors.DataException if it is neither, or an image or mask is missing
   */
  public static Dataset open(Path dir) {
    Dataset dataset = FolderDataset.open("ade20k", table(), SOURCE.locate(dir, FILES), FILES);
    dataset.size(Split.TRAINING);
    dataset.size(Split.VALIDATION);
    return dataset;
  }

  /** The names of its classes, which come with this build. */
  public static List<String> readClasses() {
    return table().names();
  }

  private static ClassTable table() {
    return ClassTable.ofBuild("ade20k");
  }
}
