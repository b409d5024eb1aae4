package org.segtrain.loss.internal;

import ai.djl.ndarray.NDArray;

/** A single number, differentiable, of scores and labels. */
interface Formula {

  /**
   * Computes it: the sum over the pixels, or a value of all of them.
   *
   * @param scores of n images
   * @param labels {@code n H W}, int64
   */
  NDArray of(Scores scores, NDArray labels);
}
