package org.segtrain.data.internal;

import java.util.random.RandomGenerator;

/** Which training sample comes when, as a function of the position, so that a run can resume. */
public interface Turns {

  /** One sample's turn: which sample, and its random numbers. */
  record Turn(int index, RandomGenerator random) {}

  /** The turn at a position counted from the start of the run. */
  Turn at(long position);
}
