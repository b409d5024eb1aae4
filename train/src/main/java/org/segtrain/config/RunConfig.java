package org.segtrain.config;

/**
 * What a run computes with. Equal configurations give equal weights on the same device.
 *
 * @param precision of activations
 * @param threads of the CPU that one operation may use; they decide the order of sums
 * @param seed of initial weights, order of the data, augmentation and dropout
 */
public record RunConfig(Precision precision, int threads, long seed) {

  /** More than any machine's processors, and few enough for one to survive. */
  public static final int MOST_THREADS = 1024;

  public RunConfig {
    Checks.within("run.threads", threads, 1, MOST_THREADS);
  }
}
