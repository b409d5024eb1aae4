package org.segtrain.checkpoint.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.Map;

/** Arrays to write. */
final class TestArrays {

  private TestArrays() {}

  /**
   * Three arrays of both types, one a scalar, one of {@code rows x 10} numbers from {@code first}.
   */
  static Map<String, NDArray> of(NDManager manager, int rows, float first) {
    Map<String, NDArray> arrays = new LinkedHashMap<>();
    arrays.put("count", manager.create(1L << 40));
    arrays.put("a.weight", manager.arange(first, first + 10 * rows, 1).reshape(rows, 10));
    arrays.put("a.bias", manager.create(new float[] {1.5f, -0.25f, Float.MIN_VALUE}));
    return arrays;
  }

  /** Zeros of the same shapes, to load into. */
  static Map<String, NDArray> targets(NDManager manager, Map<String, NDArray> arrays) {
    Map<String, NDArray> targets = new LinkedHashMap<>();
    arrays.forEach(
        (name, array) -> {
          Shape shape = array.getShape();
          targets.put(name, manager.zeros(shape, array.getDataType()));
        });
    return targets;
  }
}
