package org.segtrain.config;

import ai.djl.nn.Block;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.segtrain.augment.Fitting;
import org.segtrain.augment.MoreAugmentation;
import org.segtrain.augment.TrainingPipeline;
import org.segtrain.data.DataFiles;
import org.segtrain.errors.UsageException;
import org.segtrain.heads.SegmentationModel;
import org.segtrain.images.InputSize;
import org.segtrain.nn.LayerPlan;
import org.segtrain.optim.FineTuning;
import org.segtrain.optim.LearningRate;
import org.segtrain.optim.ParameterFactors;
import org.segtrain.optim.ParameterGroups;
import org.segtrain.optim.internal.LayerDecay;

/**
 * Everything that decides what a training run computes. Equal configurations give equal weights on
 * the same device.
 *
 * @param model which model
 * @param data what it learns from
 * @param augmentation further random changes of its images
 * @param files where its files are, and what its masks mean
 * @param evaluation how the model is run on whole photographs
 * @param schedule how many steps of how many images
 * @param optimizer the numbers of the optimiser
 * @param loss the loss
 * @param run arithmetic, threads and seed
 * @param fineTuning frozen parameters, layer decay and averaged weights
 * @param weights that training starts from
 */
public record TrainConfig(
    ModelConfig model,
    DataConfig data,
    MoreAugmentation augmentation,
    DataFiles files,
    EvaluationConfig evaluation,
    ScheduleConfig schedule,
    OptimizerConfig optimizer,
    LossConfig loss,
    RunConfig run,
    FineTuning fineTuning,
    WeightsSource weights) {

  public TrainConfig {
    boolean usesBatch = !fineTuning.freezeStatistics(); // in its batch norms
    if (usesBatch
        && model.isKnown()
        && schedule.batch() == 1
        && Math.max(data.crop().height(), data.crop().width()) < 64) {
      throw new UsageException(
          "data.crop must be at least 64 with schedule.batch 1, since batch normalisation needs two values, but"
              + " is "
              + data.crop());
    }
    if (data.photometric() && augmentation.isColourful()) {
      Map<String, String> given = augmentation.colours();
      String keys = String.join(" and ", given.keySet());
      throw new UsageException(
          "data.photometric is true, so colours change already, but %s %s %s; turn data.photometric off, or leave %s 0"
              .formatted(
                  keys,
                  given.size() == 1 ? "is" : "are",
                  String.join(" and ", given.values()),
                  given.size() == 1 ? "it" : "them"));
    }
    if (usesBatch && schedule.batch() < model.smallestBatch()) {
      throw new UsageException(
          "schedule.batch must be at least %d with %s, since batch normalisation needs two values of what it"
                  .formatted(model.smallestBatch(), model.head())
              + " pools, but is "
              + schedule.batch());
    }
  }

  /**
   * The same with another value.
   *
   * @param key such as {@code schedule.batch}
   * @throws UsageException if there is no such key, or it cannot have the value
   */
  public TrainConfig with(String key, Object value) {
    return with(Overlay.of("program").with(key, value));
  }

  /**
   * The same with the values of {@code overlay}.
   *
   * @throws UsageException if they do not fit together
   */
  public TrainConfig with(Overlay overlay) {
    return Configuration.of(List.of(Overlay.of("", this), overlay)).config();
  }

  /**
   * Warnings of values that are allowed and yet rarely meant.
   *
   * @param hasNewWeights whether training begins with weights that nobody trained
   * @return sentences
   */
  public List<String> warnings(boolean hasNewWeights) {
    List<String> warnings = new ArrayList<>();
    if (fineTuning.freezeStatistics() && hasNewWeights) {
      warnings.add(
          "fineTuning.freezeStatistics is true, but there are no weights to start from, so batch norms keep statistics of no image; give weights, or leave it false");
    }
    if (schedule.warmup() > schedule.iterations()) {
      warnings.add(
          "schedule.warmup is %d, but schedule.iterations %d, so the learning rate never reaches optimizer.learningRate; lower schedule.warmup"
              .formatted(schedule.warmup(), schedule.iterations()));
    }
    return warnings;
  }

  /** The sizes and directions whose predictions are averaged in evaluation. */
  public List<Fitting> views() {
    return evaluation.views(data);
  }

  /** The size at which photographs are evaluated, at the scale 1. */
  public InputSize inputSize() {
    return evaluation.inputSize(data);
  }

  /** The augmentation of a training sample. */
  public TrainingPipeline preparation() {
    return data.pipeline().with(augmentation);
  }

  /**
   * The factors of the learning rate and the decay of each parameter of {@code model}.
   *
   * @throws UsageException if layer decay is on, but the model has no backbone
   */
  public ParameterFactors factors(Block block) {
    ParameterGroups groups = optimizer.groups().before(fineTuning.rules());
    if (fineTuning.layerDecay() == 1) {
      return groups;
    }
    if (!(block instanceof SegmentationModel whole)) {
      throw new UsageException(
          "fineTuning.layerDecay is %s, but %s has no backbone with layers; leave it 1"
              .formatted(fineTuning.layerDecay(), model.backbone()));
    }
    return new LayerDecay(groups, fineTuning.layerDecay(), whole.backbone().layerNames());
  }

  /**
   * The layers of {@code model} that the backward pass recomputes.
   *
   * @throws UsageException if recompute is on, but the model declares no layers
   */
  public LayerPlan recomputed(Block block) {
    LayerPlan layers = run.recompute() ? LayerPlan.of(block) : LayerPlan.none();
    if (run.recompute() && layers.isEmpty()) {
      throw new UsageException(
          "run.recompute is true, but %s declares no layers; leave it false"
              .formatted(model.backbone()));
    }
    return layers;
  }

  /** The learning rate of every step. */
  public LearningRate learningRate() {
    return new LearningRate(
        schedule.decay(),
        optimizer.learningRate(),
        optimizer.minimumRate(),
        schedule.iterations(),
        schedule.warmup(),
        schedule.power(),
        schedule.milestones(),
        schedule.stepFactor());
  }
}
