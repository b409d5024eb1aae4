package org.segtrain.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

/**
 * Non-overlapping windows that tile a map whose sides are multiples of theirs. Each method copies
 * once at most: strips of whole rows are views.
 *
 * @param height of a window, pixels of the map
 * @param width of a window, pixels of the map
 */
public record Windows(long height, long width) {

  /** Cuts a map into windows, row by row, {@code B H W C -> B·n h·w C}. */
  public NDArray partition(NDArray map) {
    long rows = map.size(1) / height;
    long columns = map.size(2) / width;
    long channels = map.size(3);
    return map.reshape(new Shape(map.size(0), rows, height, columns, width, channels))
        .swapAxes(2, 3) // B rows columns h w C
        .reshape(new Shape(map.size(0) * rows * columns, height * width, channels));
  }

  /**
   * Puts windows back together, {@code B·n h·w C -> B H W C}.
   *
   * @param map the shape {@code B H W} or longer that was cut
   */
  public NDArray merge(NDArray windows, Shape map) {
    long rows = map.get(1) / height;
    long columns = map.get(2) / width;
    long channels = windows.size(2);
    return windows
        .reshape(new Shape(map.get(0), rows, columns, height, width, channels))
        .swapAxes(2, 3) // B rows h columns w C
        .reshape(new Shape(map.get(0), map.get(1), map.get(2), channels));
  }
}
