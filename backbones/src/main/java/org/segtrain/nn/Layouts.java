package org.segtrain.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

/** Orders of the axes of a map. Arrays come back as views: nothing is copied. */
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

  /** {@code B H W C -> B C H W}. */
  public static Shape channelsFirst(Shape map) {
    return new Shape(map.get(0), map.get(3), map.get(1), map.get(2));
  }

  /** {@code B H W C} or {@code B N C -> B h N d}, the channels of each head together. */
  public static NDArray splitHeads(NDArray x, int heads) {
    return x.reshape(x.size(0), -1, heads, x.getShape().tail() / heads).swapAxes(1, 2);
  }
}
