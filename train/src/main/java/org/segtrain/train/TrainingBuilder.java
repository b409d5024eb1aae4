package org.segtrain.train;

import ai.djl.nn.Block;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.segtrain.augment.Augmentation;
import org.segtrain.checkpoint.RunFolder;
import org.segtrain.collectives.Group;
import org.segtrain.config.TrainConfig;
import org.segtrain.data.Dataset;
import org.segtrain.data.Preparation;
import org.segtrain.data.Sample;
import org.segtrain.errors.Counted;
import org.segtrain.errors.UsageException;
import org.segtrain.heads.SegmentationModel;
import org.segtrain.inference.Resources;
import org.segtrain.inference.TrainedModel;
import org.segtrain.loss.internal.ClassWeights;

/** The parts of a {@link Training}: configuration, data set and folder, and optional parts. */
public final class TrainingBuilder {

  private TrainConfig config;
  private Map<String, String> origins = Map.of();
  private Dataset dataset;
  private RunFolder run;
  private Augmentation own;
  private Block model;
  private Resources resources;
  private Progress progress = Progress.NONE;
  private Supplier<ClassWeights> classWeights;
  private Group group = Group.alone();
  private boolean begins;

  TrainingBuilder() {}

  /** The configuration. */
  public TrainingBuilder setConfig(TrainConfig config) {
    this.config = Objects.requireNonNull(config, "config");
    return this;
  }

  /**
   * Who gave each value of the configuration, which the report of the run shows; by default nobody.
   *
   * @param origins by key, such as {@link org.segtrain.config.Configuration#origins()} has them
   */
  public TrainingBuilder optOrigins(Map<String, String> origins) {
    this.origins = Map.copyOf(Objects.requireNonNull(origins, "origins"));
    return this;
  }

  /** The data to train on and to measure on. */
  public TrainingBuilder setDataset(Dataset dataset) {
    this.dataset = Objects.requireNonNull(dataset, "dataset");
    return this;
  }

  /**
   * Changes every training sample after the configuration's augmentation and before padding. A run
   * that goes on needs it again: its folder does not hold it.
   *
   * @param own called by worker threads, several at once. It gives samples of at most {@code
   *     data.crop} and labels of the data set; else the training ends with a {@link UsageException}
   */
  public TrainingBuilder optAugmentation(Augmentation own) {
    this.own = Objects.requireNonNull(own, "own");
    return this;
  }

  /** The run's folder; a run that was begun there goes on. */
  public TrainingBuilder setFolder(Path folder) {
    run = new RunFolder(Objects.requireNonNull(folder, "folder"));
    return this;
  }

  /**
   * Whether it must be a new run: then a run in the folder is refused, even one that begins there
   * meanwhile. By default such a run is resumed.
   */
  public TrainingBuilder optBegins(boolean begins) {
    this.begins = begins;
    return this;
  }

  /**
   * The model: {@code B 3 H W ->} scores {@code B K h w}, a {@code SegmentationModel} or any block;
   * by default the one that the configuration names.
   */
  public TrainingBuilder optModel(Block model) {
    this.model = Objects.requireNonNull(model, "model");
    return this;
  }

  /** Where it is computed; by default on a GPU if there is one. */
  public TrainingBuilder optResources(Resources resources) {
    this.resources = Objects.requireNonNull(resources, "resources");
    return this;
  }

  /**
   * The weights of the classes in the loss, which may be counted while the engine starts; by
   * default the run counts them.
   *
   * @param weights of the data set and {@code loss.classBalance}; asked once, as the run begins
   */
  public TrainingBuilder optClassWeights(Supplier<ClassWeights> weights) {
    this.classWeights = Objects.requireNonNull(weights, "weights");
    return this;
  }

  /**
   * The processes that share the run; by default this one alone. All of them build the same
   * training. The caller closes the group.
   *
   * @param group as many processes as {@code schedule.processes} says
   */
  public TrainingBuilder optGroup(Group group) {
    this.group = Objects.requireNonNull(group, "group");
    return this;
  }

  /** Who is told, by the first process alone; by default nobody. */
  public TrainingBuilder optProgress(Progress progress) {
    this.progress = Objects.requireNonNull(progress, "progress");
    return this;
  }

  /**
   * The run, not started.
   *
   * @throws UsageException if configuration, data set, folder or a model that the configuration
   *     does not describe is missing, or model and data set differ in their number of classes
   */
  public Training build() {
    require(config, "setConfig", "a TrainConfig, such as that of Settings");
    require(dataset, "setDataset", "the data to train on");
    if (group.isFirst()) { // which alone writes to it
      require(run, "setFolder", "the place of checkpoints");
    }
    if (model == null && !config.model().isKnown()) {
      throw new UsageException(
          "the configuration names the model \"%s\", which segtrain cannot build; give it with optModel(block)"
              .formatted(config.model().backbone()));
    }
    if (config.schedule().processes() != group.size()) {
      throw new UsageException(
          "schedule.processes is %d, but the group has %s; give the one the number of the other"
              .formatted(config.schedule().processes(), Counted.of(group.size(), "process")));
    }
    int classes = dataset.classes().size();
    if (classes < 1 || classes > Sample.VOID) {
      throw new UsageException(
          "%s has %d classes, but labels are bytes and 255 is void, so there are 1-%d; join some"
              .formatted(dataset.name(), classes, Sample.VOID));
    }
    if (model instanceof SegmentationModel whole && whole.classes() != classes) {
      throw new UsageException(
          "the model tells %s apart, but the data set has %d; build it with setClasses(%d)"
              .formatted(Counted.of(whole.classes(), "class"), classes, classes));
    }
    return new Training(this);
  }

  private static void require(Object part, String name, String what) {
    if (part == null) {
      throw new UsageException("a training needs %s(...): %s".formatted(name, what));
    }
  }

  TrainConfig config() {
    return config;
  }

  Map<String, String> origins() {
    return origins;
  }

  Dataset dataset() {
    return dataset;
  }

  Preparation preparation() {
    return own == null
        ? config.preparation()
        : config.preparation().then(own, dataset.classes().size());
  }

  RunFolder run() {
    return run;
  }

  Supplier<ClassWeights> classWeights() {
    return classWeights == null
        ? () -> ClassWeights.of(dataset, config.loss().classBalance())
        : classWeights;
  }

  Group group() {
    return group;
  }

  boolean begins() {
    return begins;
  }

  Block model() {
    return model == null ? TrainedModel.of(config, dataset.classes().size()) : model;
  }

  Resources resources() {
    return resources == null ? Resources.usual(config.run().threads()) : resources;
  }

  Progress progress() {
    return progress;
  }
}
