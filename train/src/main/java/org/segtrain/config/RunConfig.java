package org.segtrain.config;

import org.segtrain.errors.UsageException;
import org.segtrain.metrics.Figure;

/**
 * The arithmetic, threads and seed of a run, and its checkpoints. Equal configurations give equal
 * weights on the same device.
 *
 * @param precision of activations
 * @param threads of the CPU that one operation may use; they decide the order of sums
 * @param seed of initial weights, order of the data, augmentation and dropout
 * @param saveMinutes minutes after which the run is saved between evaluations; 0 saves at
 *     evaluations alone
 * @param keep number of checkpoints of past evaluations to keep, beside the last and the best
 * @param best figure whose highest value makes the best checkpoint
 * @param patience evaluations without improvement after which the run ends; 0 for never
 * @param recompute whether the backward pass recomputes the layers of the backbone
 * @param syncBatchNorm whether batch norms of several processes normalise over the batches of all
 */
public record RunConfig(
    Precision precision,
    int threads,
    long seed,
    double saveMinutes,
    int keep,
    Figure best,
    int patience,
    boolean recompute,
    boolean syncBatchNorm) {

  /** More than any machine's processors, and few enough for one to survive. */
  public static final int MOST_THREADS = 1024;

  public RunConfig {
    Checks.within("run.threads", threads, 1, MOST_THREADS);
    if (!(saveMinutes >= 0 && Double.isFinite(saveMinutes))) {
      throw new UsageException(
          "run.saveMinutes must be finite and not negative, but is " + saveMinutes);
    }
    Checks.atLeast("run.keep", keep, 0);
    Checks.atLeast("run.patience", patience, 0);
  }
}
