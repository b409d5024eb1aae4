package org.segtrain.tensors;

import java.util.List;

/** Products of sizes that a file names, and that may therefore be anything. */
final class MemorySpans {

  private MemorySpans() {}

  /** The bytes of a tensor, or -1 if no memory is that large. */
  static long bytes(List<Long> shape, ElementType type) {
    long product = type.bytes();
    boolean empty = false;
    for (long size : shape) {
      if (size < 0 || Math.multiplyHigh(product, Math.max(size, 1)) != 0) {
        return -1;
      }
      empty |= size == 0;
      product *= Math.max(size, 1);
      if (product < 0) {
        return -1;
      }
    }
    return empty ? 0 : product;
  }

  /**
   * How many numbers lie from the first to the last of a tensor, both included: 0 if it has none,
   * -1 if that is no possible distance.
   */
  static long span(List<Long> shape, List<Long> strides) {
    long last = 0;
    for (int i = 0; i < shape.size(); i++) {
      if (shape.get(i) == 0) {
        return 0;
      }
      long stride = strides.get(i);
      long steps = shape.get(i) - 1;
      if (stride < 0 || Math.multiplyHigh(stride, steps) != 0 || stride * steps < 0) {
        return -1;
      }
      last += stride * steps;
      if (last < 0) {
        return -1;
      }
    }
    return last + 1;
  }
}
