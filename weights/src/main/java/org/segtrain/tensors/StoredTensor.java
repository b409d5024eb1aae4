package org.segtrain.tensors;

import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/**
 * Where a tensor lies in a file.
 *
 * @param position of its first number, in bytes from the start of the file
 * @param strides how far apart in the file, in numbers, neighbours along each axis lie
 * @param order of the bytes of a number
 */
record StoredTensor(TensorInfo info, long position, List<Long> strides, ByteOrder order) {

  /** A tensor whose numbers follow each other in the order of its axes. */
  static StoredTensor contiguous(TensorInfo info, long position) {
    List<Long> strides = contiguousStrides(info.shape().getShape());
    return new StoredTensor(info, position, strides, ByteOrder.LITTLE_ENDIAN);
  }

  /** Whether the numbers follow each other in the order of its axes. */
  boolean isContiguous() {
    long[] sizes = info.shape().getShape();
    List<Long> plain = contiguousStrides(sizes);
    for (int i = 0; i < sizes.length; i++) {
      if (sizes[i] != 1 && !strides.get(i).equals(plain.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static List<Long> contiguousStrides(long[] sizes) {
    Long[] strides = new Long[sizes.length];
    long next = 1;
    for (int i = sizes.length - 1; i >= 0; i--) {
      strides[i] = next;
      next *= sizes[i];
    }
    return Arrays.asList(strides);
  }
}
