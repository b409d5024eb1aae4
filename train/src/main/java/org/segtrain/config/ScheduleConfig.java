package org.segtrain.config;

import org.segtrain.errors.UsageException;

/**
 * How many steps of how many images, and how the learning rate moves over them.
 *
 * @param iterations optimiser steps
 * @param batch images of one forward pass
 * @param accumulate forward passes of one optimiser step
 * @param warmup steps over which the learning rate rises linearly
 * @param power of the polynomial decay of the learning rate
 * @param evalEvery steps between evaluations
 */
public record ScheduleConfig(
    int iterations, int batch, int accumulate, int warmup, double power, int evalEvery) {

  private static final int MOST_IMAGES = 1 << 20; // of a step, whose batches are held together

  public ScheduleConfig {
    Checks.atLeast("schedule.iterations", iterations, 1);
    Checks.atLeast("schedule.batch", batch, 1);
    Checks.atLeast("schedule.accumulate", accumulate, 1);
    Checks.atLeast("schedule.warmup", warmup, 0);
    Checks.finite("schedule.power", power);
    Checks.atLeast("schedule.evalEvery", evalEvery, 1);
    if ((long) batch * accumulate > MOST_IMAGES) {
      throw new UsageException(
          "a step has schedule.batch x schedule.accumulate images, at most %d, but they are %d x %d; lower one"
              .formatted(MOST_IMAGES, batch, accumulate));
    }
  }

  /** Images of one optimiser step. */
  public int stepImages() {
    return batch * accumulate;
  }
}
