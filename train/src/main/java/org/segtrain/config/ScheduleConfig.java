package org.segtrain.config;

import java.util.List;
import org.segtrain.errors.UsageException;
import org.segtrain.optim.RateDecay;

/**
 * How many steps of how many images, and how the learning rate moves over them.
 *
 * @param iterations optimiser steps
 * @param batch images of one forward pass
 * @param accumulate forward passes that each process makes for one optimiser step
 * @param processes that share an optimiser step
 * @param warmup steps over which the learning rate rises linearly
 * @param decay how the learning rate falls
 * @param power of the polynomial decay of the learning rate
 * @param milestones steps at which the learning rate is multiplied by {@code stepFactor}, where it
 *     falls in steps
 * @param stepFactor that factor
 * @param evalEvery steps between evaluations
 */
public record ScheduleConfig(
    int iterations,
    int batch,
    int accumulate,
    int processes,
    int warmup,
    RateDecay decay,
    double power,
    List<Integer> milestones,
    double stepFactor,
    int evalEvery) {

  private static final double MOST_FALL = 100; // of the learning rate, a power or a factor
  private static final int MOST_IMAGES = 1 << 20; // of a step, whose batches are held together

  public ScheduleConfig {
    Checks.atLeast("schedule.iterations", iterations, 1);
    Checks.atLeast("schedule.batch", batch, 1);
    Checks.atLeast("schedule.accumulate", accumulate, 1);
    Checks.atLeast("schedule.processes", processes, 1);
    Checks.atLeast("schedule.warmup", warmup, 0);
    Checks.upTo("schedule.power", power, MOST_FALL);
    milestones = List.copyOf(milestones);
    for (int i = 0; i < milestones.size(); i++) {
      if (milestones.get(i) <= (i == 0 ? 0 : milestones.get(i - 1))) {
        throw new UsageException(
            "schedule.milestones must be steps from 1 on in rising order, but are " + milestones);
      }
    }
    if (decay == RateDecay.STEP && milestones.isEmpty()) {
      throw new UsageException(
          "schedule.decay is step, but schedule.milestones is empty; give the steps at which the"
              + " learning rate falls");
    }
    Checks.upTo("schedule.stepFactor", stepFactor, MOST_FALL);
    Checks.atLeast("schedule.evalEvery", evalEvery, 1);
    if ((double) batch * accumulate * processes > MOST_IMAGES) {
      throw new UsageException(
          "a step has schedule.batch x schedule.accumulate x schedule.processes images, at most %d, but they are %d x %d x %d; lower one"
              .formatted(MOST_IMAGES, batch, accumulate, processes));
    }
  }

  /** Images of one optimiser step. */
  public int stepImages() {
    return batch * passes();
  }

  /** Forward passes of one optimiser step, of all processes. */
  public int passes() {
    return accumulate * processes;
  }
}
