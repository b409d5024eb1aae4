package org.segtrain.train;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.segtrain.augment.ImageSize;
import org.segtrain.checkpoint.RunFolder;
import org.segtrain.checkpoint.internal.Checkpoint;
import org.segtrain.checkpoint.internal.TrainingState;
import org.segtrain.collectives.Group;
import org.segtrain.config.OptimizerConfig;
import org.segtrain.config.TrainConfig;
import org.segtrain.cuda.GpuMemory;
import org.segtrain.data.Dataset;
import org.segtrain.data.Preparation;
import org.segtrain.data.SkippingDataset;
import org.segtrain.data.Split;
import org.segtrain.data.internal.Batches;
import org.segtrain.data.internal.Foreground;
import org.segtrain.data.internal.HeaderCheck;
import org.segtrain.data.internal.Turns;
import org.segtrain.engine.StateDict;
import org.segtrain.engine.internal.CpuMemory;
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
import org.segtrain.train.internal.ResidentMemory;

/**
 * A training run, from its first step or from its last checkpoint to its end. Several processes can
 * share it: each makes its part of every step, and the first alone writes and tells.
 */
public final class Training {

  private static final double LONG_CHECK = 2; // seconds that are worth a line
  private static final int CHECKED = 100; // steps between looks whether all weights are the same

  private final TrainConfig config;
  private final Network network;
  private final Dataset dataset;
  private final Preparation preparation;
  private final Resources resources;
  private final Supplier<ClassWeights> classWeights;
  private final Group group;
  private final Passes passes;
  private final Optional<RunRecord> record; // of the first process
  private final Progress progress;
  private final RunFolder run;
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
   * @param end why it ended
   */
  public record Summary(long step, long made, double best, End end) {

    /** Whether it ended before its last step. */
    public boolean stopped() {
      return end != End.DONE;
    }
  }

  /** Why a run ended. */
  public enum End {
    /** All steps are made. */
    DONE,
    /** It, or another of its processes, was asked to. */
    STOPPED,
    /** The figure did not rise any more. */
    OUT_OF_PATIENCE
  }

  Training(TrainingBuilder parts) {
    this.config = parts.config();
    this.network = Network.of(parts.model());
    this.dataset = parts.dataset();
    this.preparation = parts.preparation();
    this.resources = parts.resources();
    this.classWeights = parts.classWeights();
    this.group = parts.group();
    this.passes = new Passes(group, config.schedule().accumulate());
    this.run = parts.run();
    this.origins = parts.origins();
    this.record =
        group.isFirst()
            ? Optional.of(new RunRecord(config, dataset, run, parts.begins(), parts.progress()))
            : Optional.empty();
    this.progress = record.map(RunRecord::progress).orElse(Progress.NONE);
  }

  /** A run that has not started; its parts are named one by one. */
  public static TrainingBuilder builder() {
    return new TrainingBuilder();
  }

  /**
   * Finishes the step under way, saves, and ends the run, in all its processes. For any thread of
   * any of them.
   */
  public void requestStop() {
    stopRequested = true;
  }

  /**
   * Trains. A model that is not initialised gets its weights from the configuration's seed, and has
   * none again when this returns: the run's folder has them. A model that was initialised before is
   * the caller's, and keeps the weights of the last step.
   *
   * @throws org.segtrain.errors.DataException if data cannot be read or a checkpoint not be
   *     written, or another process fails
   * @throws IllegalStateException if it ran before; build another to go on
   * @throws DivergedException if the loss is no number any more; the checkpoints are as they were
   */
  @SuppressWarnings("try") // the batch norms are there to be closed
  public Summary run() {
    if (begun.getAndSet(true)) {
      throw new IllegalStateException("this training ran before; build another to go on");
    }
    boolean initialised = network.block().isInitialized();
    try (NDManager manager = NDManager.newBaseManager(resources.device(), "PyTorch");
        SyncBatchNorms norms = SyncBatchNorms.of(network.block(), syncGroup())) {
      return run(manager);
    } catch (RuntimeException | Error wrong) {
      group.fail(wrong instanceof DataException ? wrong.getMessage() : wrong.toString());
      throw wrong;
    } finally {
      record.ifPresent(RunRecord::close);
      if (!initialised) {
        network.block().clear(); // so that it may be initialised again
      }
      CpuMemory.release();
    }
  }

  /** The processes whose batch norms are one. */
  private Group syncGroup() {
    return config.run().syncBatchNorm() ? group : Group.alone();
  }

  private Summary run(NDManager manager) {
    boolean goesOn = record.map(RunRecord::open).orElse(false);
    if (dataset instanceof HeaderCheck files) { // now, and not when the first validation comes
      check(files);
    } else if (dataset instanceof SkippingDataset readable) {
      readable.requireReadable(Split.VALIDATION);
    }
    Agreement.check(group, config, dataset);
    boolean hasNewWeights = !network.block().isInitialized() && !config.weights().isGiven();
    TrainingState state = prepare(manager, goesOn);
    long first = state.step();
    if (first == 0) {
      Foreground.look(dataset).ifPresent(progress::message);
      config.warnings(hasNewWeights).forEach(said -> progress.message("warning: " + said));
    }
    ClassWeights weights = classWeights.get();
    TrainingStep step = new TrainingStep(manager, config, network, optimizer, weights, passes);
    boolean missed = !begin(state, goesOn) && first > 0 && isEvaluated(state); // killed before
    LearningRate schedule = config.learningRate();
    Exchange exchange = new Exchange(group);
    try (Batches batches = batches(first)) {
      if (missed) {
        state = evaluate(manager, state);
      }
      while (!isComplete(state) && !isStopped() && !isOutOfPatience(state)) {
        long start = exchange.begin();
        StepBatches parts =
            StepBatches.of(passes, config, network.lossWeights().size(), weights, batches::next);
        double learningRate = schedule.at(state.step());
        TrainingStep.Result result = step.make(manager, parts, state.step(), learningRate);
        exchange.add(start);
        state = state.next();
        updateAverage(state.step());

        progress.step(report(state.step(), result, learningRate, start));
        if (isEvaluated(state)) {
          save(state); // before a validation that may fail
          state = evaluate(manager, state);
        } else if (record.filter(RunRecord::isTimeToSave).isPresent()) {
          save(state);
        }
        if (state.step() % CHECKED == 0) {
          requireSameWeights(state.step());
        }
      }
    } catch (RuntimeException | Error wrong) { // what was made before it is kept
      if (record.isPresent()) {
        record.get().fail(state, wrong);
      }
      throw wrong;
    }
    End end = end(state);
    exchange.sentence().ifPresent(progress::message);
    if (record.isPresent()) {
      end(manager, record.get(), state);
    }
    return new Summary(state.step(), state.step() - first, state.best(), end);
  }

  /**
   * Begins the files of the run.
   *
   * @return whether the step was evaluated, as the first process says
   */
  private boolean begin(TrainingState state, boolean goesOn) {
    RunRecord.Trained trained =
        new RunRecord.Trained(network.block(), optimizer, averaged, resources);
    boolean evaluated = record.map(own -> own.begin(goesOn, state, trained, origins)).orElse(false);
    return group.gather(evaluated ? 1 : 0)[0][0] == 1;
  }

  private void save(TrainingState state) {
    record.ifPresent(own -> own.save(state));
  }

  private void end(NDManager manager, RunRecord own, TrainingState state) {
    if (isComplete(state)) {
      try (Segmenter segmenter = segmenter(manager)) {
        own.complete(segmenter);
      }
    } else { // asked to stop
      own.stop(state);
    }
  }

  /** Whether any process was asked to stop. */
  private boolean isStopped() {
    return Arrays.stream(group.gather(stopRequested ? 1 : 0)).anyMatch(asked -> asked[0] == 1);
  }

  /** Finds drift: processes that differ in a bit will differ in more. */
  private void requireSameWeights(long step) {
    int different = group.firstDifference(optimizer.weights());
    if (different >= 0) {
      List<String> names =
          StateDict.of(network.block()).entrySet().stream()
              .filter(entry -> entry.getValue().requiresGradient())
              .map(Map.Entry::getKey)
              .toList();
      throw new DataException(
          "after step %d the processes differ in %s and go apart; resume, on machines with processors of one kind"
              .formatted(step, names.get(different)));
    }
  }

  private boolean isEvaluated(TrainingState state) {
    return state.step() % config.schedule().evalEvery() == 0 || isComplete(state);
  }

  /** Whether as many evaluations as there is patience for were no better than the best. */
  private boolean isOutOfPatience(TrainingState state) {
    int patience = config.run().patience();
    return patience > 0 && state.step() > 0 && worse(state) >= patience;
  }

  /** Evaluations since the best. */
  private long worse(TrainingState state) {
    return (state.step() - state.bestStep()) / config.schedule().evalEvery();
  }

  private End end(TrainingState state) {
    if (isComplete(state)) {
      return End.DONE;
    }
    if (!isOutOfPatience(state)) {
      return End.STOPPED;
    }
    progress.message(
        "ends early: no better %s in %s since step %d"
            .formatted(
                config.run().best(), Counted.of(worse(state), "evaluation"), state.bestStep()));
    return End.OUT_OF_PATIENCE;
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
  private TrainingState prepare(NDManager manager, boolean goesOn) {
    TrainingState first = TrainingState.first(config, dataset.classes());
    if (goesOn) {
      return shared(loaded(manager, first));
    }
    build(manager);
    if (record.isPresent() && config.weights().isGiven()) {
      config.weights().startTraining(network.block()).lines().forEach(progress::message);
    }
    average(manager);
    return shared(first);
  }

  private TrainingState loaded(NDManager manager, TrainingState first) {
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

  /** The state, weights and moments of the first process, in all. */
  private TrainingState shared(TrainingState own) {
    double[] first = group.gather((double) own.step(), own.best(), (double) own.bestStep())[0];
    TrainingState state = own.at((long) first[0], first[1], (long) first[2]);
    group.broadcast(
        List.copyOf(TrainingState.arrays(network.block(), optimizer, averaged).values()));
    if (record.isEmpty() && state.step() > 0) {
      optimizer.resumeAt(state.step());
    }
    return state;
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
        dataset,
        preparation,
        config.schedule().batch(),
        turns(),
        new Batches.Numbers(passes.number(first, 0), group.size()),
        resources.workers());
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
        ResidentMemory.now().orElse(0) >> 20,
        GpuMemory.used(resources.device()).orElse(0) >> 20);
  }

  /** Measures on the validation images, and saves checkpoints accordingly. */
  private TrainingState evaluate(NDManager manager, TrainingState state) {
    try (Segmenter segmenter = segmenter(manager)) {
      Optional<Evaluation> whole = measured(segmenter);
      if (whole.isEmpty()) {
        progress.message("asked to stop during an evaluation, which is made when the run goes on");
        return state;
      }
      Evaluation found = whole.get();
      double figure = config.run().best().of(found);
      boolean best = figure > state.best();
      if (best) {
        record.ifPresent(own -> own.keepBest(state, found, segmenter));
      }
      if (found.images().isEmpty()) {
        throw new DataException(
            "none of %s can be read or fits into the memory; repair or replace them"
                .formatted(Counted.of(dataset.size(Split.VALIDATION), "validation image")));
      }
      TrainingState measured = best ? state.withBest(figure) : state;
      record.ifPresent(own -> own.evaluated(measured, found, best));
      return measured;
    }
  }

  /** The counts of all processes, each of which measures its share; none if one was stopped. */
  private Optional<Evaluation> measured(Segmenter segmenter) {
    Shard share = new Shard(group.rank() + 1, group.size());
    Optional<Evaluation> own;
    try {
      own = Optional.of(segmenter.evaluate(dataset, Split.VALIDATION, share, new Evaluating()));
    } catch (Stopped e) {
      own = Optional.empty();
    }
    group.barrier(); // shares take different times
    return EvaluationShare.joined(group, own, dataset);
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

  /** Tells how far an evaluation is, and ends it if the run is asked to stop. */
  private final class Evaluating implements EvaluationProgress {

    @Override
    public void at(int done, int all) {
      group.progress();
      int images = dataset.size(Split.VALIDATION);
      progress.evaluating(Math.min(images, done * group.size()), images); // others do as many
      if (stopRequested && done < all) {
        throw new Stopped();
      }
    }

    @Override
    public void windows(int done, int all) {
      group.progress();
      progress.windows(done, all);
      if (stopRequested) {
        throw new Stopped();
      }
    }
  }

  private Segmenter segmenter(NDManager manager) {
    return averaged
        .map(average -> new Segmenter(manager, network, config, average))
        .orElseGet(() -> new Segmenter(manager, network, config));
  }
}
