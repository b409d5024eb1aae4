package org.segtrain.nn;

import ai.djl.ndarray.NDArray;

/** The two orders of the axes of a map. Both methods return views: nothing is copied. */
public final class Layouts {

  private Layouts() {}

  /** {@code B C H W -> B H W C}. */
  public static NDArray channelsLast(NDArray map) {
    return map.transpose(0, 2, 3, 1);
  }

  /** {@code B H W C -> B C H W}. */
  public static NDArray channelsFirst(NDArray map) {
    return map.transpose(0, 3, 1, 2);
  }
}
