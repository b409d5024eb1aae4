package org.segtrain.train;

import ai.djl.nn.Block;
import java.util.Optional;
import java.util.OptionalLong;
import org.segtrain.checkpoint.RunFolder;
import org.segtrain.checkpoint.internal.RunWriter;
import org.segtrain.checkpoint.internal.TrainingState;
import org.segtrain.config.RunConfig;
import org.segtrain.errors.Counted;
import org.segtrain.optim.internal.AveragedWeights;
import org.segtrain.optim.internal.Optimizer;

/** The checkpoints of a run: when they are written, and which are kept. */
final class Savings {

  private static final double NANOS_PER_MINUTE = 60e9;

  private final RunFolder run;
  private final RunConfig rules;
  private final Block model;
  private final Optimizer optimizer;
  private final Optional<AveragedWeights> averaged;
  private long last = System.nanoTime();
  private OptionalLong saved = OptionalLong.empty(); // step of the last one

  Savings(
      RunFolder run,
      RunConfig rules,
      Block model,
      Optimizer optimizer,
      Optional<AveragedWeights> averaged) {
    this.run = run;
    this.rules = rules;
    this.model = model;
    this.optimizer = optimizer;
    this.averaged = averaged;
  }

  /** Whether the last was so long ago that the run is saved between evaluations. */
  boolean isTime() {
    double minutes = rules.saveMinutes();
    return minutes > 0 && System.nanoTime() - last > minutes * NANOS_PER_MINUTE;
  }

  /** Writes everything needed to resume. */
  void save(TrainingState state) {
    state.writeLast(run.last(), model, optimizer, averaged);
    last = System.nanoTime();
    saved = OptionalLong.of(state.step());
  }

  /**
   * The same for a run that ends with {@code wrong}, to which a failure to save is added.
   *
   * @return what is saved, for people
   */
  String save(TrainingState state, Throwable wrong) {
    try {
      save(state);
    } catch (RuntimeException | OutOfMemoryError again) {
      wrong.addSuppressed(again);
    }
    if (saved.isEmpty()) {
      return "nothing is saved of the %s".formatted(Counted.of(state.step(), "step"));
    }
    long lost = state.step() - saved.getAsLong();
    return "step %d is saved in %s%s"
        .formatted(
            saved.getAsLong(),
            run.last(),
            lost == 0 ? "" : "; lost after it: " + Counted.of(lost, "step"));
  }

  /** Writes the weights that evaluations use as the best, and everything needed to resume. */
  void saveBest(TrainingState state) {
    state.writeBest(run.best(), model, averaged);
    save(state);
  }

  /** Keeps the weights of an evaluation, and of those before it as many as are asked for. */
  void keep(TrainingState state) {
    if (rules.keep() > 0) {
      state.writeBest(run.at(state.step()), model, averaged);
      new RunWriter(run).thin(rules.keep());
    }
  }
}
