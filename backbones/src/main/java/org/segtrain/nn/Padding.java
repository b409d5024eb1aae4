package org.segtrain.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import org.segtrain.engine.Aten;

/**
 * Zeros around a map, {@code B H W C}, in pixels.
 *
 * @param top rows above
 * @param bottom rows below
 * @param left columns before
 * @param right columns after
 */
public record Padding(long top, long bottom, long left, long right) {

  /**
   * Up to the next multiple of each side of {@code windows}, evenly; an odd one goes to the end.
   */
  public static Padding around(NDArray map, Windows windows) {
    long rows = missing(map.size(1), windows.height());
    long columns = missing(map.size(2), windows.width());
    return new Padding(rows / 2, rows - rows / 2, columns / 2, columns - columns / 2);
  }

  /** Up to the next multiple of each side of {@code windows}, below and after the map. */
  public static Padding after(NDArray map, Windows windows) {
    return new Padding(
        0, missing(map.size(1), windows.height()), 0, missing(map.size(2), windows.width()));
  }

  private static long missing(long side, long multiple) {
    return Math.floorMod(-side, multiple);
  }

  /**
   * Whether {@code map} needs no padding; a recorded pass pads always, since it serves other sizes
   * too.
   */
  private boolean isNeedless(NDArray map) {
    return top + bottom + left + right == 0 && !Aten.records(map);
  }

  /**
   * {@code B H W C -> B top+H+bottom left+W+right C}; the map itself if there is nothing to add.
   */
  public NDArray pad(NDArray map) {
    return isNeedless(map) ? map : map.pad(sides(), 0);
  }

  /** Takes the zeros off again, as a view. */
  public NDArray crop(NDArray map) {
    return isNeedless(map)
        ? map
        : map.get(
            new NDIndex(":, {}:{}, {}:{}", top, map.size(1) - bottom, left, map.size(2) - right));
  }

  /**
   * A term for scores by which padded keys count less: {@code bias} for them, 0 for pixels of the
   * map, {@code B·n 1 1 h·w}; null without padding.
   *
   * @param map before it is padded
   */
  public NDArray keyBias(NDArray map, Windows windows, double bias) {
    if (isNeedless(map)) {
      return null;
    }
    NDArray inside = Aten.zeros(map, new Shape(map.size(0), map.size(1), map.size(2), 1));
    NDArray marked = inside.pad(sides(), bias); // B top+H+bottom left+W+right 1
    return windows.partition(marked).reshape(-1, 1, 1, windows.height() * windows.width());
  }

  /** As {@code pad} reads it, last axis first. */
  private Shape sides() {
    return new Shape(0, 0, left, right, top, bottom);
  }
}
