package org.segtrain.metrics.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import org.segtrain.engine.Aten;

/** From scores to the class of each pixel. */
public final class ClassMap {

  /** Elements of the enlarged scores that are in memory at a time: 256 MB. */
  private static final long LARGEST = 64L << 20;

  private ClassMap() {}

  /**
   * The class with the highest score, of scores enlarged to the size of the image. {@code 1 K h w
   * -> 1 height width}, int64.
   *
   * <p>All scores of a large photograph would take gigabytes, so a few classes are enlarged at a
   * time and the best so far is kept, which gives the same map.
   *
   * @param alignCorners how the scores are enlarged
   */
  public static NDArray of(NDArray scores, long height, long width, boolean alignCorners) {
    return of(scores, height, width, alignCorners, LARGEST);
  }

  /** With at most {@code largest} elements in memory at a time, or one class. */
  static NDArray of(NDArray scores, long height, long width, boolean alignCorners, long largest) {
    long classes = scores.size(1);
    long chunk = Math.max(1, Math.min(classes, largest / (height * width)));
    NDManager outer = scores.getManager();
    NDArray best = null;
    NDArray map = null;
    for (long from = 0; from < classes; from += chunk) {
      long to = Math.min(classes, from + chunk);
      try (NDManager scope = outer.newSubManager()) {
        NDArray some = scores.get(new NDIndex(":, {}:{}", from, to));
        some.attach(scope);
        NDArray large = Aten.resizeBilinear(some, height, width, alignCorners);
        NDArray highest = large.max(new int[] {1});
        NDArray which = large.argMax(1).toType(DataType.INT64, false).add(from);
        if (map != null) {
          NDArray beaten = highest.gt(best);
          NDArray old = map;
          old.attach(scope);
          which = Aten.call("torch.where($0, $1, $2)", beaten, which, old);
          best.attach(scope);
          highest = highest.maximum(best);
        }
        map = which;
        best = highest;
        map.attach(outer);
        best.attach(outer);
      }
    }
    best.close();
    return map;
  }
}
