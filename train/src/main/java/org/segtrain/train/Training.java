package org.segtrain.train;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.util.stream.IntStream;
import org.segtrain.checkpoint.Checkpoint;
import org.segtrain.checkpoint.TrainingState;
import org.segtrain.config.TrainConfig;
import org.segtrain.data.Batches;
import org.segtrain.data.Dataset;
import org.segtrain.data.Split;
import org.segtrain.engine.StateDict;
import org.segtrain.heads.SegmentationModel;
import org.segtrain.inference.Resources;
import org.segtrain.inference.Segmenter;
import org.segtrain.inference.TrainedModel;
import org.segtrain.loss.ClassWeights;
import org.segtrain.measure.ResidentMemory;
import org.segtrain.metrics.Metrics;
import org.segtrain.optim.AdamW;
import org.segtrain.optim.AveragedWeights;
import org.segtrain.optim.FineTuning;
import org.segtrain.optim.Freezing;
import org.segtrain.optim.LearningRate;

/** A training run, from its first step or from its last checkpoint to its end. */
public final class Training {

  private static final int PICTURES = 6;

  private final TrainConfig config;
  private final Dataset dataset;
  private final Resources resources;
  private final RunFolder run;
  private final PrintWriter out;
  private final boolean terminal;
  private volatile boolean stopRequested;

  private SegmentationModel model;
  private AdamW optimizer;
  private AveragedWeights averaged; // null without --ema

  /**
   * What a run came to.
   *
   * @param step optimiser steps made, over all its sessions
   * @param bestMeanIou highest mIoU, 0-1; negative if it was never evaluated
   * @param stopped whether it was asked to stop before its end
   */
  public record Summary(long step, double bestMeanIou, boolean stopped) {}

  /**
   * A run that has not started.
   *
   * @param terminal whether a person watches {@code out}
   */
  public Training(
      TrainConfig config,
      Dataset dataset,
      Resources resources,
      RunFolder run,
      PrintWriter out,
      boolean terminal) {
    this.config = config;
    this.dataset = dataset;
    this.resources = resources;
    this.run = run;
    this.out = out;
    this.terminal = terminal;
  }

  /** Finishes the step under way, saves, and ends the run. For any thread. */
  public void requestStop() {
    stopRequested = true;
  }

  /**
   * Trains.
   *
   * @throws org.segtrain.errors.DataException if data cannot be read or a checkpoint not be written
   * @throws DivergedException if the loss is no number any more; the checkpoints are as they were
   */
  public Summary run() {
    try (NDManager manager = NDManager.newBaseManager(resources.device(), "PyTorch")) {
      TrainingState state = prepare(manager);
      run.begin(config, dataset.classes());
      LearningRate schedule = config.schedule();
      ClassWeights weights = ClassWeights.of(dataset, config.classBalance());
      TrainingStep step = new TrainingStep(config, model, optimizer, weights);
      try (Batches batches = batches(state.step() * config.accumulate());
          Console console = new Console(out, config.iterations(), state.step(), terminal)) {
        while (state.step() < config.iterations() && !stopRequested) {
          long start = System.nanoTime();
          var parts =
              IntStream.range(0, config.accumulate()).mapToObj(i -> batches.next()).toList();
          double learningRate = schedule.at(state.step());
          TrainingStep.Result result = step.make(manager, parts, state.step(), learningRate);
          state = state.next();
          if (averaged != null) {
            averaged.update(state.step());
          }

          StepReport report = report(state.step(), result, learningRate, start);
          console.step(report);
          run.log(report);
          if (state.step() % config.evalEvery() == 0 || state.step() == config.iterations()) {
            state = evaluate(manager, state, console);
            save(state);
          }
        }
        if (state.step() < config.iterations()) { // asked to stop
          save(state);
        } else {
          writePredictions(manager, console);
        }
      }
      return new Summary(state.step(), state.bestMeanIou(), state.step() < config.iterations());
    }
  }

  /** Makes the model and the optimiser, and loads what an earlier session saved. */
  private TrainingState prepare(NDManager manager) {
    Engine.getEngine("PyTorch").setRandomSeed((int) config.seed());
    TrainingState first = TrainingState.first(config, dataset.classes());
    if (!Files.exists(run.last())) {
      build(manager);
      if (config.weights() != null) {
        config.weights().startTraining(model).lines().forEach(out::println);
        out.flush();
      }
      average(manager);
      return first;
    }
    try (Checkpoint checkpoint = Checkpoint.open(run.last())) {
      TrainingState saved = TrainingState.of(checkpoint);
      saved.refuseUnlessContinuedBy(first, run.last());
      build(manager);
      saved.loadOptimizer(checkpoint, optimizer);
      TrainingState.loadModel(checkpoint, model);
      average(manager);
      if (averaged != null) {
        TrainingState.loadAverage(checkpoint, averaged);
      }
      return new TrainingState(config, saved.classes(), saved.step(), saved.bestMeanIou());
    }
  }

  private void build(NDManager manager) {
    model = TrainedModel.build(config, dataset.classes().size(), manager);
    FineTuning tuning = config.fineTuning();
    if (!tuning.freeze().isEmpty()) {
      out.println(Freezing.apply(tuning, model));
      out.flush();
    }
    optimizer = new AdamW(manager, StateDict.of(model), config.factors(), config.weightDecay());
  }

  /** Begins the average with the weights as they are now. */
  private void average(NDManager manager) {
    FineTuning tuning = config.fineTuning();
    averaged =
        tuning.averages() ? new AveragedWeights(manager, StateDict.of(model), tuning.ema()) : null;
  }

  private void save(TrainingState state) {
    state.writeLast(run.last(), model, optimizer, averaged);
  }

  private Batches batches(long first) {
    return new Batches(
        dataset,
        config
            .images()
            .training(config.crop(), config.minScale(), config.maxScale(), config.photometric()),
        config.batch(),
        config.seed(),
        first,
        resources.workers());
  }

  private StepReport report(
      long step, TrainingStep.Result result, double learningRate, long start) {
    double seconds = (System.nanoTime() - start) / 1e9;
    return new StepReport(
        step,
        result.loss(),
        result.losses(),
        learningRate,
        result.gradientNorm(),
        config.batch() * config.accumulate() / seconds,
        ResidentMemory.now().orElse(0) >> 20);
  }

  private TrainingState evaluate(NDManager manager, TrainingState state, Console console) {
    try (Segmenter segmenter = segmenter(manager)) {
      Metrics metrics = segmenter.evaluate(dataset, Split.VALIDATION);
      run.log(EvaluationReport.of(state.step(), metrics));
      boolean best = metrics.meanIou() > state.bestMeanIou();
      console.evaluated(state.step(), metrics, best);
      if (!best) {
        return state;
      }
      TrainingState improved = state.withBest(metrics.meanIou());
      improved.writeBest(run.best(), model, averaged);
      return improved;
    }
  }

  private void writePredictions(NDManager manager, Console console) {
    try (Segmenter segmenter = segmenter(manager)) {
      int pictures = PredictionSheet.write(run, dataset, segmenter, PICTURES);
      console.line(
          "wrote %d pictures (photograph, labels, prediction) to %s", pictures, run.predictions());
    }
  }

  private Segmenter segmenter(NDManager manager) {
    return new Segmenter(manager, model, config, averaged);
  }
}
