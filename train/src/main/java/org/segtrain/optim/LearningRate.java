package org.segtrain.optim;

import java.util.List;

/**
 * The learning rate of every step: a decay, after a linear rise that is MMSegmentation's {@code
 * linear} warm-up.
 *
 * @param decay how it falls
 * @param base the rate that the decay starts from
 * @param minimum the rate that it does not fall below
 * @param iterations steps of the run
 * @param warmup steps of the rise
 * @param power of a polynomial decay
 * @param milestones steps at which the rate falls by a factor
 * @param stepFactor that factor
 */
public record LearningRate(
    RateDecay decay,
    double base,
    double minimum,
    int iterations,
    int warmup,
    double power,
    List<Integer> milestones,
    double stepFactor) {

  private static final double FIRST_SHARE = 1e-6; // of the rate, at step 0 of the warm-up

  public LearningRate {
    milestones = List.copyOf(milestones);
  }

  /** Polynomial decay to zero. */
  public LearningRate(double base, int iterations, double power, int warmup) {
    this(RateDecay.POLY, base, 0, iterations, warmup, power, List.of(), 1);
  }

  /** The rate of {@code step}, the first being 0. */
  public double at(long step) {
    double decayed = decay.at(this, step);
    if (step >= warmup || decay.hasOwnRise()) {
      return decayed;
    }
    double missing = (1 - step / (double) warmup) * (1 - FIRST_SHARE);
    return decayed * (1 - missing);
  }
}
