package org.segtrain.loss.internal;

import ai.djl.ndarray.NDArray;
import org.segtrain.data.Sample;
import org.segtrain.engine.Aten;

/** Masks of labels. DJL's comparisons with a number copy it to a GPU, which waits for the copy. */
final class Voids {

  private Voids() {}

  /** Where a pixel has a class. */
  static NDArray valid(NDArray labels) {
    return Aten.call("torch.ne($0, $1)", labels, Sample.VOID);
  }

  /** Where it has none. */
  static NDArray of(NDArray labels) {
    return Aten.call("torch.eq($0, $1)", labels, Sample.VOID);
  }
}
