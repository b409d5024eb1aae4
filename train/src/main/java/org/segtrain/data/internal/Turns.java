package org.segtrain.data.internal;

import java.util.random.RandomGenerator;
import org.segtrain.data.Dataset;

/** Which training sample comes when, as a function of the position, so that a run can resume. */
public interface Turns {

  /**
   * Those of a training.
   *
   * @param rareClasses temperature at which samples of rare classes are drawn; 0 for each in turn
   * @param workers threads that read the labels, for rare classes
   * @throws org.segtrain.errors.DataException if a sample cannot be read then
   */
  static Turns of(Dataset dataset, double rareClasses, long seed, int workers) {
    return rareClasses == 0
        ? new Order(seed, Portioned.of(dataset))
        : RareClasses.of(dataset, rareClasses, seed, workers);
  }

  /** One sample's turn: which sample, and its random numbers. */
  record Turn(int index, RandomGenerator random) {}

  /** The turn at a position counted from the start of the run. */
  Turn at(long position);
}
