package org.segtrain.cli.options;

import java.nio.file.Path;
import java.util.List;
import org.segtrain.config.Overlay;
import org.segtrain.data.ChosenDataset;
import org.segtrain.data.DataFiles;
import org.segtrain.data.Dataset;
import org.segtrain.data.Split;
import org.segtrain.errors.DataException;
import org.segtrain.names.Choice;
import picocli.CommandLine.Option;

/**
 * Which images a model is measured on: a split by any name, all of a folder, or those of a list.
 */
public final class MeasuredOptions {

  private static final String ALL = "all";

  @Option(
      names = "--split",
      paramLabel = "NAME|all",
      completionCandidates = NameLists.Splits.class,
      description =
          "Images to measure: training, validation, test or another name for {split}; all for a"
              + " folder without splits (validation).")
  private String split;

  @Option(
      names = "--list",
      paramLabel = "FILE",
      description = "Measure only those of these images that FILE names, one a line.")
  private Path list;

  /** The split in which the data set has them. */
  public Split split() {
    return isKnown() ? Choice.of("split", Split.values(), split) : Split.VALIDATION;
  }

  private boolean isKnown() {
    return split != null && Choice.names(Split.values()).contains(split);
  }

  /** Their name for people. */
  public String name() {
    String whole = split == null ? Split.VALIDATION.toString() : split;
    return list == null ? whole : "%s, those in %s".formatted(whole, list);
  }

  /**
   * Where the split is found.
   *
   * @param files of the data set
   */
  public Overlay overlay(DataFiles files) {
    Overlay overlay = Overlay.of("option");
    if (split == null || isKnown()) {
      return overlay;
    } else if (split.equals(ALL)) {
      return overlay.with("files.splitValidation", 1).with("files.lists", "");
    }
    String first = files.splits().isEmpty() ? Split.TRAINING.toString() : files.splits().get(0);
    String other = first.equals(split) ? "not-" + split : first; // which is not measured
    return overlay.with("files.splits", List.of(other, split)).with("files.splitValidation", 0);
  }

  /**
   * The images of {@code all} that were asked for.
   *
   * @throws DataException if there is no such split, or the list names what is not in it
   */
  public Dataset of(Dataset all) {
    try {
      all.size(split());
    } catch (DataException e) {
      if (split == null || isKnown() || split.equals(ALL)) {
        throw e;
      }
      throw new DataException(
          "the data set has no split \"%s\"; give training, validation, test, or the name of its folder or list"
              .formatted(split),
          e);
    }
    return list == null ? all : ChosenDataset.of(all, split(), list);
  }
}
