package org.segtrain.cli.options;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.segtrain.config.DatasetVariant;
import org.segtrain.config.Overlay;
import org.segtrain.config.TrainConfig;
import org.segtrain.errors.UsageException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The places of the files of a data set, and the meaning of its masks. */
@Command(
    optionListHeading =
        "%nFiles of the data. PATTERN is a path with {name}, and perhaps {split} and *"
            + " (docs/data.md). It begins below --data, or below the data set's folder there, as"
            + " segtrain datasets NAME shows:%n")
public final class FilesOptions {

  /** The data with which names of files have an effect. */
  static final String FILES = "--dataset folder, or another that has files";

  private static final String NONE = "none";

  @Option(
      names = "--image-files",
      paramLabel = "PATTERN",
      description = "Images, such as {split}/{name}.jpg (those of --dataset).")
  private String images;

  @Option(
      names = "--mask-files",
      paramLabel = "PATTERN",
      description = "Their masks, such as {split}/{name}_mask.png.")
  private String masks;

  @Option(
      names = "--split-names",
      paramLabel = "NAME",
      split = ",",
      description =
          "Names for {split}: training, validation and perhaps test, such as train,val,test"
              + " (those that are there).")
  private List<String> splits;

  @Option(
      names = "--split-lists",
      paramLabel = "PATTERN",
      description = "Text files with one name a line, such as splits/{split}.txt (none).")
  private String lists;

  @Option(
      names = "--split-validation",
      paramLabel = "SHARE",
      description =
          "Split this share of the training images off for validation, by a hash of the name"
              + " (${bundle:files.splitValidation}).")
  private Double splitValidation;

  @Option(
      names = "--first",
      paramLabel = "N",
      description = "Value of the first class in masks (0, or that of --dataset).")
  private Integer first;

  @Option(
      names = "--void",
      paramLabel = "N",
      split = ",",
      description =
          "Values that are neither trained nor scored, or none (255, or those of --dataset).")
  private List<String> voids;

  @Option(
      names = "--labels",
      paramLabel = "VALUE=CLASS",
      split = ",",
      description =
          "Meaning of other values, such as 255=foreground, or 0-6=void. Repeatable; without"
              + " classes.txt it names the classes.")
  private List<String> labels;

  @Option(
      names = "--mask-colours",
      negatable = true,
      description =
          "Read masks with a palette by their colours in classes.txt, not by their values.")
  private Boolean colours;

  /**
   * The given values.
   *
   * @throws UsageException if a value is refused
   */
  public Overlay overlay() {
    if (splits != null && (splits.isEmpty() || splits.stream().anyMatch(String::isBlank))) {
      throw new UsageException(
          "--split-names has an empty name; give those of training and validation, and perhaps test, as in train,val,test");
    }
    return new GivenValues()
        .set("files.images", images)
        .set("files.masks", masks)
        .set("files.splits", splits)
        .set("files.lists", lists)
        .set("files.splitValidation", splitValidation)
        .set("files.first", first)
        .set("files.voids", voids())
        .set("files.labels", labels)
        .set("files.colours", colours)
        .overlay();
  }

  /**
   * Refuses them where there are no files.
   *
   * @throws UsageException naming the first
   */
  void refuseIdle(TrainConfig config) {
    Map<String, Object> given = new LinkedHashMap<>();
    given.put("--image-files", images);
    given.put("--mask-files", masks);
    given.put("--split-names", splits);
    given.put("--split-lists", lists);
    given.put("--split-validation", splitValidation);
    given.put("--first", first);
    given.put("--void", voids);
    given.put("--labels", labels);
    given.put("--mask-colours", colours);
    given.forEach((option, value) -> Idle.refuse(option, value, FILES, () -> hasFiles(config)));
  }

  /** Whether its data are files, and not drawn. */
  static boolean hasFiles(TrainConfig config) {
    return !config.data().dataset().equals(DatasetVariant.SHAPES.toString());
  }

  private List<Integer> voids() {
    if (voids == null) {
      return null;
    }
    List<Integer> values = new ArrayList<>();
    for (String value : voids) {
      if (value.matches("\\d{1,9}")) {
        values.add(Integer.valueOf(value));
      } else if (!value.equals(NONE) || voids.size() > 1) {
        throw new UsageException(
            "--void must be values of masks, such as 0,255, or none, but has \"%s\""
                .formatted(value));
      }
    }
    return values;
  }
}
