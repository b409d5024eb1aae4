package org.segtrain.train;

import ai.djl.nn.Block;
import java.nio.file.Path;
import java.util.Objects;
import org.segtrain.checkpoint.RunFolder;
import org.segtrain.config.TrainConfig;
import org.segtrain.data.Dataset;
import org.segtrain.inference.Resources;
import org.segtrain.inference.TrainedModel;

/** The parts of a {@link Training}: configuration, data set and folder, and what may stay usual. */
public final class TrainingBuilder {

  private TrainConfig config;
  private Dataset dataset;
  private RunFolder run;
  private Block model;
  private Resources resources;
  private Progress progress = Progress.NONE;

  TrainingBuilder() {}

  /** What is computed. */
  public TrainingBuilder config(TrainConfig given) {
    config = given;
    return this;
  }

  /** What is learnt from and measured on. */
  public TrainingBuilder dataset(Dataset given) {
    dataset = given;
    return this;
  }

  /** The run's folder; a run that was begun there goes on. */
  public TrainingBuilder folder(Path given) {
    run = new RunFolder(given);
    return this;
  }

  /**
   * The model: {@code B 3 H W ->} scores {@code B K h w}, a {@code SegmentationModel} or any block;
   * by default the one that the configuration names.
   */
  public TrainingBuilder model(Block given) {
    model = given;
    return this;
  }

  /** Where it is computed; by default on a GPU if there is one. */
  public TrainingBuilder resources(Resources given) {
    resources = given;
    return this;
  }

  /** Who is told; by default nobody. */
  public TrainingBuilder progress(Progress given) {
    progress = given;
    return this;
  }

  /**
   * The run, not started.
   *
   * @throws NullPointerException if configuration, data set or folder is missing
   */
  public Training build() {
    Objects.requireNonNull(config, "a training needs config(...)");
    Objects.requireNonNull(dataset, "a training needs dataset(...)");
    Objects.requireNonNull(run, "a training needs folder(...)");
    return new Training(this);
  }

  TrainConfig config() {
    return config;
  }

  Dataset dataset() {
    return dataset;
  }

  RunFolder run() {
    return run;
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
