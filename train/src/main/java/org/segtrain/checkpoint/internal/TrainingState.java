package org.segtrain.checkpoint.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.segtrain.config.ConfigFile;
import org.segtrain.config.Overlay;
import org.segtrain.config.TrainConfig;
import org.segtrain.config.internal.Json;
import org.segtrain.engine.StateDict;
import org.segtrain.errors.Counted;
import org.segtrain.errors.DataException;
import org.segtrain.errors.UsageException;
import org.segtrain.optim.internal.AveragedWeights;
import org.segtrain.optim.internal.Optimizer;

/**
 * The contents of a checkpoint beside its arrays. The random numbers of a step follow from the
 * configuration's seed and the step, so these two are the random state.
 *
 * @param config of the run
 * @param classes their names
 * @param step optimiser steps made
 * @param best highest figure so far, 0-1, by which the best checkpoint is chosen; negative before
 *     the first evaluation
 * @param bestStep optimiser steps made then
 */
public record TrainingState(
    TrainConfig config, List<String> classes, long step, double best, long bestStep) {

  private static final String FORMAT = "segtrain 1";
  private static final String MODEL = "model.";
  private static final String OPTIMIZER = "optimizer.";
  private static final String AVERAGE = "average.";

  /** Before the first step. */
  public static TrainingState first(TrainConfig config, List<String> classes) {
    return new TrainingState(config, classes, 0, -1, 0);
  }

  /** One step later. */
  public TrainingState next() {
    return new TrainingState(config, classes, step + 1, best, bestStep);
  }

  /** The same run at another step. */
  public TrainingState at(long reached, double highest, long stepOfHighest) {
    return new TrainingState(config, classes, reached, highest, stepOfHighest);
  }

  /** With other values in its configuration. */
  public TrainingState with(Overlay instead) {
    return new TrainingState(config.with(instead), classes, step, best, bestStep);
  }

  /** With another highest figure, of this step. */
  public TrainingState withBest(double figure) {
    return new TrainingState(config, classes, step, figure, step);
  }

  /**
   * The state at the start of a run with {@code other}; the best value of another figure is not
   * known.
   */
  public TrainingState continuedBy(TrainConfig other) {
    return other.run().best() == config.run().best()
        ? new TrainingState(other, classes, step, best, bestStep)
        : new TrainingState(other, classes, step, -1, step);
  }

  /**
   * Checks that a run with the settings of {@code other} can go on from here. More iterations,
   * other learning rates and the like are the user's business.
   *
   * @throws DataException naming both values of what differs
   */
  public void refuseUnlessContinuedBy(TrainingState other, Path file) {
    refuseUnlessEqual(file, "backbone", config.model().backbone(), other.config.model().backbone());
    refuseUnlessEqual(file, "head", config.model().head(), other.config.model().head());
    refuseUnlessEqual(
        file, "model.oneLogit", config.model().oneLogit(), other.config.model().oneLogit());
    refuseUnlessEqual(file, "number of classes", classes.size(), other.classes.size());
    for (int i = 0; i < classes.size(); i++) {
      refuseUnlessEqual(file, "class " + i, quoted(classes.get(i)), quoted(other.classes.get(i)));
    }
    refuseUnlessEqual(
        file,
        "fineTuning.freeze",
        config.fineTuning().freeze(),
        other.config.fineTuning().freeze());
    refuseUnlessEqual(
        file, "optimizer.kind", config.optimizer().kind(), other.config.optimizer().kind());
    refuseUnlessEqual(
        file, "averaged weights (fineTuning.ema):", averages(config), averages(other.config));
    if (step > other.config.schedule().iterations()) {
      throw new DataException(
          "%s has made %s, but schedule.iterations is %d; give more iterations"
              .formatted(file, Counted.of(step, "step"), other.config.schedule().iterations()));
    }
  }

  private static String averages(TrainConfig config) {
    return config.fineTuning().averages() ? "yes" : "no";
  }

  private static String quoted(String name) {
    return '"' + name + '"';
  }

  private static void refuseUnlessEqual(Path file, String what, Object saved, Object now) {
    if (!saved.equals(now)) {
      throw new DataException(
          "%s has %s %s, but this run has %s; resume with the value of its training, or choose"
                  .formatted(file, what, saved, now)
              + " another folder");
    }
  }

  /**
   * Writes everything needed to resume.
   *
   * @param averaged the average of the weights, if it is averaged
   */
  public void writeLast(
      Path file, Block model, Optimizer optimizer, Optional<AveragedWeights> averaged) {
    write(file, "trained", arrays(model, optimizer, averaged));
  }

  /**
   * Checks that there is room for what {@link #writeLast} writes.
   *
   * @throws DataException if there is not
   */
  public static void refuseUnlessRoom(
      Path file, Block model, Optimizer optimizer, Optional<AveragedWeights> averaged) {
    Checkpoint.refuseUnlessRoom(file, arrays(model, optimizer, averaged).values());
  }

  /**
   * Everything that a training changes, by name.
   *
   * @param averaged the average of the weights, if it is averaged
   */
  public static Map<String, NDArray> arrays(
      Block model, Optimizer optimizer, Optional<AveragedWeights> averaged) {
    Map<String, NDArray> arrays = arrays(model);
    averaged.ifPresent(average -> arrays.putAll(average.arrays(AVERAGE)));
    optimizer.moments().forEach((name, moment) -> arrays.put(OPTIMIZER + name, moment));
    return arrays;
  }

  /**
   * Writes the weights that evaluations use.
   *
   * @param averaged the average of the weights, if it is averaged
   */
  public void writeBest(Path file, Block model, Optional<AveragedWeights> averaged) {
    Map<String, NDArray> arrays = arrays(model);
    averaged.ifPresent(average -> arrays.putAll(average.arrays(MODEL)));
    write(file, averaged.isPresent() ? "averaged" : "trained", arrays);
  }

  private void write(Path file, String weights, Map<String, NDArray> arrays) {
    Map<String, String> strings = new LinkedHashMap<>(); // in order: equal runs give equal files
    strings.put("format", FORMAT);
    strings.put("weights", weights); // what the arrays of the model are
    strings.put("config", Json.line(config));
    strings.put("classes", Json.line(classes));
    strings.put("step", String.valueOf(step));
    strings.put("best_mean_iou", String.valueOf(best)); // or another figure, as config says
    strings.put("best_step", String.valueOf(bestStep));
    Checkpoint.write(file, strings, arrays);
  }

  /** Reads the state from a checkpoint. */
  public static TrainingState of(Checkpoint checkpoint) {
    try {
      if (!checkpoint.string("format").equals(FORMAT)) {
        throw new DataException(
            "%s has format \"%s\", but this version reads \"%s\"; use the version that wrote it"
                .formatted(checkpoint.file(), checkpoint.string("format"), FORMAT));
      }
      TrainingState said =
          new TrainingState(
              ConfigFile.whole(checkpoint.string("config")),
              Json.strings(checkpoint.string("classes")),
              Long.parseLong(checkpoint.string("step")),
              Double.parseDouble(checkpoint.string("best_mean_iou")),
              Long.parseLong(checkpoint.stringOr("best_step", checkpoint.string("step"))));
      if (said.step < 0 || !Double.isFinite(said.best)) {
        throw new DataException(
            "%s is of step %d with the best figure %s, which no training writes; take another"
                .formatted(checkpoint.file(), said.step, said.best));
      }
      return said;
    } catch (JsonProcessingException | NumberFormatException | UsageException e) {
      throw new DataException(
          "%s has a configuration that this version cannot read%s; use the version that wrote it"
              .formatted(
                  checkpoint.file(),
                  e instanceof UsageException refused
                      ? " (%s)".formatted(refused.getMessage())
                      : ""),
          e);
    }
  }

  /** Loads the weights of a model of the same variant, head and classes. */
  public static void loadModel(Checkpoint checkpoint, Block model) {
    checkpoint.load(arrays(model));
  }

  /** Loads the weights that evaluations use: where there are averages, those. */
  public static void loadEvaluated(Checkpoint checkpoint, Block model) {
    loadModel(checkpoint, model);
    Map<String, NDArray> averaged = new LinkedHashMap<>();
    StateDict.of(model).forEach((name, p) -> averaged.put(AVERAGE + name, p.getArray()));
    averaged.keySet().retainAll(checkpoint.names());
    checkpoint.load(averaged);
  }

  /** Loads the average of the weights. */
  public static void loadAverage(Checkpoint checkpoint, AveragedWeights averaged) {
    checkpoint.load(averaged.arrays(AVERAGE));
  }

  /** Loads the optimiser's moments. */
  public void loadOptimizer(Checkpoint checkpoint, Optimizer optimizer) {
    if (!checkpoint.has(OPTIMIZER)) {
      throw new DataException(
          "%s holds weights but no optimiser state, so training cannot go on from it; resume from"
                  .formatted(checkpoint.file())
              + " last.safetensors");
    }
    Map<String, NDArray> moments = new LinkedHashMap<>();
    optimizer.moments().forEach((name, moment) -> moments.put(OPTIMIZER + name, moment));
    checkpoint.load(moments);
    optimizer.resumeAt(step);
  }

  private static Map<String, NDArray> arrays(Block model) {
    Map<String, NDArray> arrays = new LinkedHashMap<>();
    StateDict.of(model).forEach((name, p) -> arrays.put(MODEL + name, p.getArray()));
    return arrays;
  }
}
