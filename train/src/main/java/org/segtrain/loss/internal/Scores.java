package org.segtrain.loss.internal;

import ai.djl.ndarray.NDArray;
import java.util.function.Supplier;

/**
 * The scores of some images, as a head gives them and as large as their labels.
 *
 * @param small {@code n K h w}, float32
 * @param enlarged gives {@code n K H W}, float32: arrays so large are made if a formula asks
 * @param alignCorners how they are enlarged
 */
record Scores(NDArray small, Supplier<NDArray> enlarged, boolean alignCorners) {

  /** {@code n K H W}, float32. */
  NDArray large() {
    return enlarged.get();
  }
}
