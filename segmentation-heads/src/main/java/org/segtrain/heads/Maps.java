package org.segtrain.heads;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import org.segtrain.engine.Aten;

/** Ways to bring maps of several sizes, {@code B C H W}, together. */
final class Maps {

  private Maps() {}

  /** {@code x}, bilinearly, at the size of {@code target}; {@code x} itself if it has that size. */
  static NDArray resizeLike(NDArray x, NDArray target, boolean alignCorners) {
    return Aten.resizeBilinear(x, target.size(2), target.size(3), alignCorners);
  }

  /** {@code x} and {@code coarse}, enlarged to its size. */
  static NDArray addResized(NDArray x, NDArray coarse) {
    NDArray enlarged = resizeLike(coarse, x, false);
    NDArray sum = x.add(enlarged);
    if (enlarged != coarse) {
      enlarged.close(); // as large as the sum
    }
    return sum;
  }

  /**
   * The channels of all maps, one after the other, at the size of the first: {@code B Cᵢ Hᵢ Wᵢ -> B
   * ΣCᵢ H₀ W₀}. The enlarged maps, which take as much memory as the result, are freed at once.
   */
  static NDArray concat(NDList maps, boolean alignCorners) {
    NDArray finest = maps.head();
    try (NDManager scope = finest.getManager().newSubManager()) {
      NDList parts = new NDList(finest);
      for (NDArray map : maps.subNDList(1)) {
        NDArray part = resizeLike(map, finest, alignCorners);
        if (part != map) {
          part.attach(scope);
        }
        parts.add(part);
      }
      return NDArrays.concat(parts, 1);
    }
  }
}
