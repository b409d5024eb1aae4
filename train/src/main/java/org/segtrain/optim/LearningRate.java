package org.segtrain.optim;

/**
 * Polynomial decay to zero, with a linear rise at the start: MMSegmentation's {@code poly} policy
 * with {@code linear} warm-up.
 *
 * @param base the rate that the decay starts from
 * @param iterations steps until the rate is zero
 * @param power of the decay
 * @param warmup steps of the rise
 */
public record LearningRate(double base, int iterations, double power, int warmup) {

  private static final double FIRST_SHARE = 1e-6; // of the rate, at step 0 of the warm-up

  /** The rate of {@code step}, the first being 0. */
  public double at(long step) {
    double decayed = base * Math.pow(1 - Math.min(1, step / (double) iterations), power);
    if (step >= warmup) {
      return decayed;
    }
    double missing = (1 - step / (double) warmup) * (1 - FIRST_SHARE);
    return decayed * (1 - missing);
  }
}
