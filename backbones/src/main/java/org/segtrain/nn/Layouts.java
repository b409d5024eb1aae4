package org.segtrain.nn;

import ai.djl.ndarray.NDArray;

/** Orders of the axes of a map. All methods return views: nothing is copied. */
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

  /** {@code B H W C -> B h N d}, the channels of each head together. */
  public static NDArray splitHeads(NDArray map, int heads) {
    return map.reshape(map.size(0), -1, heads, map.size(3) / heads).swapAxes(1, 2);
  }
}
