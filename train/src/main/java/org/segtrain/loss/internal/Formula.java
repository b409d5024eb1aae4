package org.segtrain.loss.internal;

import ai.djl.ndarray.NDArray;

/** A single number, differentiable, of scores that are as large as their labels. */
interface Formula {

  /**
   * Computes it: the sum over the pixels, or a value of all of them.
   *
   * @param scores {@code n K H W}, float32
   * @param labels {@code n H W}, int64
   */
  NDArray of(NDArray scores, NDArray labels);
}
