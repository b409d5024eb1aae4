package org.segtrain.train;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.segtrain.augment.ImageSize;
import org.segtrain.checkpoint.RunFolder;
import org.segtrain.checkpoint.internal.Checkpoint;
import org.segtrain.checkpoint.internal.RunLock;
import org.segtrain.checkpoint.internal.RunWriter;
import org.segtrain.checkpoint.internal.TrainingState;
import org.segtrain.config.OptimizerConfig;
import org.segtrain.config.TrainConfig;
import org.segtrain.data.Dataset;
import org.segtrain.data.Preparation;
import org.segtrain.data.SkippingDataset;
import org.segtrain.data.Split;
import org.segtrain.data.internal.Batches;
import org.segtrain.data.internal.Foreground;
import org.segtrain.data.internal.HeaderCheck;
import org.segtrain.data.internal.Turns;
import org.segtrain.engine.StateDict;
import org.segtrain.engine.internal.RandomNumbers;
import org.segtrain.errors.Counted;
import org.segtrain.errors.DataException;
import org.segtrain.errors.UsageException;
import org.segtrain.inference.EvaluationProgress;
import org.segtrain.inference.Resources;
import org.segtrain.inference.Shard;
import org.segtrain.inference.internal.Network;
import org.segtrain.inference.internal.Segmenter;
import org.segtrain.loss.internal.ClassWeights;
import org.segtrain.metrics.Evaluation;
import org.segtrain.optim.FineTuning;
import org.segtrain.optim.LearningRate;
import org.segtrain.optim.ParameterFactors;
import org.segtrain.optim.internal.AdamW;
import org.segtrain.optim.internal.AveragedWeights;
import org.segtrain.optim.internal.Freezing;
import org.segtrain.optim.internal.Optimizer;
import org.segtrain.optim.internal.Sgd;
import org.segtrain.report.LiveReport;
import org.segtrain.report.RunState;
import org.segtrain.train.internal.ResidentMemory;

/** A training run, from its first step or from its last checkpoint to its end. */
public final class Training {

  private static final int PICTURES = 6;
  private static final double LONG_CHECK = 2; // seconds that are worth a line

  private final TrainConfig config;
  private final Network network;
  private final Dataset dataset;
  private final Preparation preparation;
  private final Resources resources;
  private final RunFolder run;
  private final boolean begins;
  private final Progress progress;
  private final LiveReport report;
  private final Map<String, String> origins;
  private final AtomicBoolean begun = new AtomicBoolean();
  private volatile boolean stopRequested;

  private Optimizer optimizer;
  private Optional<AveragedWeights> averaged = Optional.empty();

  /**
   * The result of a run.
   *
   * @param step optimiser steps made, over all its sessions
   * @param made optimiser steps of this session; 0 if all were made before
   * @param best highest mIoU, or other figure that the configuration names, 0-1; negative if no
   *     evaluation found a labelled pixel, or there was none
   * @param stopped whether it ended before its last step: it was asked to, or lost its patience
   */
  public record Summary(long step, long made, double best, boolean stopped) {}

  Training(TrainingBuilder parts) {
    this.config = parts.config();
    this.network = Network.of(parts.model());
    this.dataset = parts.dataset();
    this.preparation = parts.preparation();
    this.resources = parts.resources();
    this.run = parts.run();
    this.begins = parts.begins();
    this.origins = parts.origins();
    this.report = new LiveReport(run, config, dataset, parts.progress()::message);
    RunLog log = new RunLog(new RunWriter(run), report.history());
    this.progress = Progress.of(List.of(log, parts.progress())); // a caller may throw
  }

  /** A run that has not started; its parts are named one by one. */
  public static TrainingBuilder builder() {
    return new TrainingBuilder();
  }

  /** Finishes the step under way, saves, and ends the run. For any thread. */
  public void requestStop() {
    stopRequested = true;
  }

  /**
   * Trains. A model that is not initialised gets its weights from the configuration's seed, and has
   * none again when this returns: the run's folder has them. A model that was initialised before is
   * the caller's, and keeps the weights of the last step.
   *
   * @throws org.segtrain.errors.DataException if data cannot be read or a checkpoint not be written
   * @throws IllegalStateException if it ran before; build another to go on
   * @throws DivergedException if the loss is no number any more; the checkpoints are as they were
   */
  public Summary run() {
    if (begun.getAndSet(true)) {
      throw new IllegalStateException("this training ran before; build another to go on");
    }
    boolean initialised = network.block().isInitialized();
    try (RunLock lock = new RunLock(run.dir());
        NDManager manager = NDManager.newBaseManager(resources.device(), "PyTorch")) {
      return run(manager, lock);
    } finally {
      if (!initialised) {
        network.block().clear(); // so that it may be initialised again
      }
    }
  }

  private Summary run(NDManager manager, RunLock lock) {
    boolean goesOn = Files.exists(run.last());
    if (goesOn) {
      lock.take(); // before it is read
    }
    if (begins || !(goesOn || Files.exists(run.config()))) {
      RunFolder.create(run.dir()); // refuses files of others
    }
    if (dataset instanceof HeaderCheck files) { // now, and not when the first validation comes
      check(files);
    } else if (dataset instanceof SkippingDataset readable) {
      readable.requireReadable(Split.VALIDATION);
    }
    boolean hasNewWeights = !network.block().isInitialized() && !config.weights().isGiven();
    TrainingState state = prepare(manager);
    long first = state.step();
    if (first == 0) {
      Foreground.look(dataset).ifPresent(progress::message);
      config.warnings(hasNewWeights).forEach(said -> progress.message("warning: " + said));
    }
    ClassWeights weights = ClassWeights.of(dataset, config.loss().classBalance());
    TrainingStep step = new TrainingStep(config, network, optimizer, weights);
    lock.take(); // only now, since what is refused before leaves nothing behind
    refuseBegunMeanwhile(goesOn);
    RunWriter writer = new RunWriter(run);
    writer.begin(config, dataset.classes());
    boolean missed = !writer.rewind(first) && first > 0 && isEvaluated(state); // killed before
    report.begin(origins, first, resources);
    TrainingState.refuseUnlessRoom(run.last(), network.block(), optimizer, averaged);
    LearningRate schedule = config.learningRate();
    int passes = config.schedule().accumulate();
    Savings savings = new Savings(run, config.run(), network.block(), optimizer, averaged);
    try (Batches batches = batches(state.step() * passes)) {
      if (missed) {
        state = evaluate(manager, state, savings);
      }
      while (!isComplete(state) && !stopRequested && !isOutOfPatience(state)) {
        long start = System.nanoTime();
        StepBatches parts =
            StepBatches.of(config, network.lossWeights().size(), weights, batches::next);
        double learningRate = schedule.at(state.step());
        TrainingStep.Result result = step.make(manager, parts, state.step(), learningRate);
        state = state.next();
        updateAverage(state.step());

        progress.step(report(state.step(), result, learningRate, start));
        if (isEvaluated(state)) {
          savings.save(state); // before a validation that may fail
          state = evaluate(manager, state, savings);
        } else if (savings.isTime()) {
          savings.save(state);
        }
      }
    } catch (DivergedException wrong) { // the steps before it may have gone wrong already
      report.write(RunState.FAILED);
      throw wrong;
    } catch (RuntimeException | Error wrong) { // what was made before it is kept
      if (state.step() > first) {
        progress.message(savings.save(state, wrong));
      }
      report.write(RunState.FAILED);
      throw wrong;
    }
    if (isComplete(state)) {
      writePredictions(manager);
    } else { // asked to stop
      savings.save(state);
    }
    report.write(isComplete(state) ? RunState.ENDED : RunState.STOPPED);
    return new Summary(state.step(), state.step() - first, state.best(), !isComplete(state));
  }

  /** Refuses what another training wrote between a look at the folder and the lock on it. */
  private void refuseBegunMeanwhile(boolean goesOn) {
    if (!goesOn && Files.exists(run.last())) {
      throw new DataException(
          "another training wrote to %s meanwhile; resume it, or choose another folder"
              .formatted(run.dir()));
    }
    if (begins) {
      RunFolder.create(run.dir());
    }
  }

  private boolean isEvaluated(TrainingState state) {
    return state.step() % config.schedule().evalEvery() == 0 || isComplete(state);
  }

  /** Whether as many evaluations as there is patience for were no better than the best. */
  private boolean isOutOfPatience(TrainingState state) {
    int patience = config.run().patience();
    long worse = (state.step() - state.bestStep()) / config.schedule().evalEvery();
    boolean out = patience > 0 && worse >= patience && state.step() > 0;
    if (out) {
      progress.message(
          "ends early: no better %s in %s since step %d"
              .formatted(config.run().best(), Counted.of(worse, "evaluation"), state.bestStep()));
    }
    return out;
  }

  /** Makes the checks that are fast. */
  private void check(HeaderCheck files) {
    long start = System.nanoTime();
    files.checkHeaders(Split.TRAINING);
    files.checkHeaders(Split.VALIDATION);
    if (!files.checkLabels(Split.VALIDATION)) {
      progress.message("warning: all validation masks are void, so nothing can be measured");
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    if (seconds > LONG_CHECK) {
      progress.message(
          "checked the sizes of %s and the labels of %s in %.1f s"
              .formatted(
                  Counted.of(
                      dataset.size(Split.TRAINING) + dataset.size(Split.VALIDATION), "image"),
                  Counted.of(dataset.size(Split.VALIDATION), "validation mask"),
                  seconds));
    }
  }

  private boolean isComplete(TrainingState state) {
    return state.step() >= config.schedule().iterations();
  }

  /** Makes the model and the optimiser, and loads what an earlier session saved. */
  private TrainingState prepare(NDManager manager) {
    TrainingState first = TrainingState.first(config, dataset.classes());
    if (!Files.exists(run.last())) {
      build(manager);
      if (config.weights().isGiven()) {
        config.weights().startTraining(network.block()).lines().forEach(progress::message);
      }
      average(manager);
      return first;
    }
    try (Checkpoint checkpoint = Checkpoint.open(run.last())) {
      TrainingState saved = TrainingState.of(checkpoint);
      saved.refuseUnlessContinuedBy(first, run.last());
      build(manager);
      TrainingState.loadModel(checkpoint, network.block());
      saved.loadOptimizer(checkpoint, optimizer);
      average(manager);
      averaged.ifPresent(average -> TrainingState.loadAverage(checkpoint, average));
      progress.message(
          "continues after step %d of %d".formatted(saved.step(), config.schedule().iterations()));
      return saved.continuedBy(config);
    }
  }

  @SuppressWarnings("try") // the random numbers are there to be closed
  private void build(NDManager manager) {
    Block model = network.block();
    if (!model.isInitialized()) {
      ImageSize crop = config.data().crop();
      try (RandomNumbers own = RandomNumbers.of((int) config.run().seed())) {
        model.initialize(manager, DataType.FLOAT32, new Shape(1, 3, crop.height(), crop.width()));
      }
    }
    FineTuning tuning = config.fineTuning();
    if (tuning.freezesAny()) {
      progress.message(Freezing.apply(tuning, model).toString());
    }
    optimizer = optimizer(manager, model);
    if (optimizer.weights().isEmpty()) {
      throw new UsageException(
          "nothing of the model learns; give one that has parameters to learn");
    }
  }

  private Optimizer optimizer(NDManager manager, Block model) {
    Map<String, Parameter> parameters = StateDict.of(model);
    ParameterFactors factors = config.factors(model);
    OptimizerConfig numbers = config.optimizer();
    return switch (numbers.kind()) {
      case ADAMW -> new AdamW(manager, parameters, factors, numbers.weightDecay());
      case SGD ->
          new Sgd(
              manager,
              parameters,
              factors,
              numbers.weightDecay(),
              numbers.momentum(),
              numbers.nesterov());
    };
  }

  /** Begins the average with the weights as they are now. */
  private void average(NDManager manager) {
    FineTuning tuning = config.fineTuning();
    averaged =
        tuning.averages()
            ? Optional.of(new AveragedWeights(manager, StateDict.of(network.block()), tuning.ema()))
            : Optional.empty();
  }

  private void updateAverage(long step) {
    averaged.ifPresent(average -> average.update(step));
  }

  private Batches batches(long first) {
    return new Batches(
        dataset, preparation, config.schedule().batch(), turns(), first, resources.workers());
  }

  private Turns turns() {
    double temperature = config.data().rareClasses();
    if (temperature > 0) {
      progress.message("counting the classes of all training samples, for data.rareClasses");
    }
    return Turns.of(dataset, temperature, config.run().seed(), resources.workers());
  }

  private StepReport report(
      long step, TrainingStep.Result result, double learningRate, long start) {
    double seconds = (System.nanoTime() - start) / 1e9;
    return new StepReport(
        step,
        config.schedule().iterations(),
        result.loss(),
        result.losses(),
        learningRate,
        result.gradientNorm(),
        config.schedule().stepImages() / seconds,
        ResidentMemory.now().orElse(0) >> 20);
  }

  /**
   * Thrown through an evaluation when the run is asked to stop: it is made when the run goes on.
   */
  private static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Stopped() {
      super("asked to stop", null, false, false);
    }
  }

  /** Measures on the validation images, and saves checkpoints accordingly. */
  private TrainingState evaluate(NDManager manager, TrainingState state, Savings savings) {
    Evaluation found;
    double figure;
    boolean best;
    try (Segmenter segmenter = segmenter(manager)) {
      found = segmenter.evaluate(dataset, Split.VALIDATION, Shard.WHOLE, new Evaluating());
      figure = config.run().best().of(found);
      best = figure > state.best();
      if (best) {
        report.keep(state.step(), found, segmenter::segment);
      }
    } catch (Stopped e) {
      progress.message("asked to stop during an evaluation, which is made when the run goes on");
      return state;
    }
    if (found.images().isEmpty()) {
      throw new DataException(
          "none of %s can be read or fits into the memory; repair or replace them"
              .formatted(Counted.of(dataset.size(Split.VALIDATION), "validation image")));
    }
    TrainingState measured = best ? state.withBest(figure) : state;
    savings.keep(state);
    if (best) {
      savings.saveBest(measured);
    }
    progress.evaluated( // last: what is logged is not measured again after a kill
        new EvaluationReport(state.step(), config.schedule().iterations(), found, best));
    report.write(RunState.RUNNING);
    return measured;
  }

  /** Tells how far an evaluation is, and ends it if the run is asked to stop. */
  private final class Evaluating implements EvaluationProgress {

    @Override
    public void at(int done, int all) {
      progress.evaluating(done, all);
      if (stopRequested && done < all) {
        throw new Stopped();
      }
    }

    @Override
    public void windows(int done, int all) {
      progress.windows(done, all);
      if (stopRequested) {
        throw new Stopped();
      }
    }
  }

  private void writePredictions(NDManager manager) {
    try (Segmenter segmenter = segmenter(manager)) {
      int pictures = PredictionSheet.write(run, config, dataset, segmenter, PICTURES);
      progress.message(
          "wrote %s (photograph, labels, prediction) to %s"
              .formatted(Counted.of(pictures, "picture"), run.predictions()));
    }
  }

  private Segmenter segmenter(NDManager manager) {
    return averaged
        .map(average -> new Segmenter(manager, network, config, average))
        .orElseGet(() -> new Segmenter(manager, network, config));
  }
}
