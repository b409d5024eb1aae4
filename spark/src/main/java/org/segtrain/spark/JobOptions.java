package org.segtrain.spark;

import java.util.List;
import java.util.Optional;
import org.segtrain.cli.options.EvaluationOptions;
import org.segtrain.cli.options.NameLists;
import org.segtrain.cli.options.OnError;
import org.segtrain.config.Overlay;
import org.segtrain.errors.UsageException;
import org.segtrain.names.Choice;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What every job is told. */
@Command
final class JobOptions {

  private static final List<String> DEVICES = List.of("auto", "cpu", "gpu");
  private static final int MOST_PARTITIONS = 1_000_000;

  /** Images of a partition, so that a lost task costs little. */
  private static final int IMAGES = 100;

  /** Partitions for each task that runs at once, so that all end together. */
  private static final int WAVES = 4;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "MODEL",
      description =
          "Folder of a run, for its best checkpoint; a checkpoint; or an exported file or folder."
              + " Spark copies it to each node.")
  private String model;

  @Option(
      names = "--images",
      required = true,
      paramLabel = "PLACE",
      description =
          "A folder with its subfolders, a pattern such as 'photos/*/*.jpg', or a text file with"
              + " one path a line.")
  private String images;

  @Option(
      names = "--root",
      paramLabel = "DIR",
      description =
          "Folder below which results keep the paths of images (the part of --images before its"
              + " first pattern; for a text file the folder that all its images are in).")
  private String root;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Folder for the results, on any file system of Hadoop.")
  private String out;

  @Option(
      names = "--on-error",
      paramLabel = "fail|skip",
      completionCandidates = NameLists.OnErrors.class,
      description =
          "For images that cannot be read, once the others are done: fail (exit code 1) or skip"
              + " (only count them) (fail).")
  private String onError;

  @Option(
      names = "--partitions",
      paramLabel = "N",
      description =
          "Parts that the images are cut into (one for 100 images, at least 4 for each task that"
              + " runs at once).")
  private Integer partitions;

  @Option(
      names = "--models",
      paramLabel = "N",
      description =
          "Models in an executor at most, for each device (one for each task that runs at once; 1"
              + " on a GPU).")
  private Integer models;

  @Option(
      names = "--device",
      paramLabel = "auto|cpu|gpu",
      completionCandidates = NameLists.Devices.class,
      description = "Where executors compute (auto: the GPU that Spark assigns, if there is one).")
  private String device;

  @Option(
      names = "--precision",
      paramLabel = "fp32|tf32|bf16",
      completionCandidates = NameLists.Precisions.class,
      description = "Arithmetic of activations; tf32 on a GPU only (that of the run).")
  private String precision;

  @Mixin private final EvaluationOptions evaluation = new EvaluationOptions();

  String model() {
    return model;
  }

  String images() {
    return images;
  }

  Optional<String> root() {
    return Optional.ofNullable(root);
  }

  String out() {
    return out;
  }

  OnError onError() {
    return OnError.of(onError);
  }

  /** The values of the configuration that are replaced. */
  Overlay overlay() {
    Overlay values = evaluation.overlay();
    return precision == null ? values : values.with("run.precision", precision);
  }

  /**
   * How executors use the model.
   *
   * @throws UsageException if a value is refused
   */
  ModelUse use(ModelPlace place, Overlay values) {
    return new ModelUse(place, values.texts(), device(), models == null ? 0 : models);
  }

  /**
   * Refuses values before a job begins.
   *
   * @throws UsageException naming the first
   */
  void check() {
    device();
    onError();
    if (models != null && models < 1) {
      throw new UsageException("--models must be at least 1, but is " + models);
    }
    if (partitions != null && (partitions < 1 || partitions > MOST_PARTITIONS)) {
      throw new UsageException(
          "--partitions must be from 1 to %d, but is %d".formatted(MOST_PARTITIONS, partitions));
    }
  }

  private String device() {
    return device == null
        ? DEVICES.get(0)
        : DEVICES.get(new Choice("device", DEVICES).index(device));
  }

  /**
   * Parts for so many images.
   *
   * @param slots tasks that run at once
   */
  int partitions(int images, int slots) {
    int asked = partitions == null ? Math.max(WAVES * slots, images / IMAGES) : partitions;
    return Math.max(1, Math.min(asked, images));
  }
}
