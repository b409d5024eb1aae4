package org.segtrain.cli.options;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.segtrain.config.Overlay;
import org.segtrain.data.DataFiles;
import org.segtrain.data.Split;
import org.segtrain.errors.DataException;
import org.segtrain.errors.UsageException;
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
          "Which images: training, validation, test or what else {split} stands for; all for those"
              + " of a folder without splits (validation).")
  private String split;

  @Option(
      names = "--list",
      paramLabel = "FILE",
      description = "Only the images that FILE names, one a line.")
  private Path list;

  /**
   * The split in which the data set has them.
   *
   * @throws UsageException if a split and a list are given
   * @throws DataException if there is no such list
   */
  public Split split() {
    if (list != null && split != null && !split.equals(ALL)) {
      throw new UsageException(
          "--list names the images, so --split %s is too much; leave one out".formatted(split));
    }
    if (list != null && !Files.isRegularFile(list)) {
      throw new DataException(
          "there is no list %s; give a text file with one name a line".formatted(list));
    }
    return isKnown() ? Choice.of("split", Split.values(), split) : Split.VALIDATION;
  }

  private boolean isKnown() {
    return split != null && Choice.names(Split.values()).contains(split);
  }

  /** What people call them. */
  public String name() {
    if (list != null) {
      return "those of " + list;
    }
    return split == null ? Split.VALIDATION.toString() : split.equals(ALL) ? "all" : split;
  }

  /**
   * Where they are found.
   *
   * @param files of the data set
   */
  public Overlay overlay(DataFiles files) {
    Overlay overlay = Overlay.of("option");
    if (list != null) {
      Path whole = list.toAbsolutePath().normalize();
      String file = whole.getFileName().toString();
      int dot = file.lastIndexOf('.');
      String name = dot > 0 ? file.substring(0, dot) : file;
      String pattern = "{split}" + file.substring(name.length());
      return overlay
          .with("files.lists", whole.resolveSibling(pattern).toString())
          .with("files.splits", List.of(other(name), name))
          .with("files.splitValidation", 0);
    } else if (split == null || isKnown()) {
      return overlay;
    } else if (split.equals(ALL)) {
      return overlay.with("files.splitValidation", 1).with("files.lists", "");
    }
    String first = files.splits().isEmpty() ? Split.TRAINING.toString() : files.splits().get(0);
    return overlay
        .with("files.splits", List.of(first.equals(split) ? other(split) : first, split))
        .with("files.splitValidation", 0);
  }

  /** A name for the split that is not measured. */
  private static String other(String name) {
    return "not-" + name;
  }
}
