package org.segtrain.tensors;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;

/** Arrays as the bytes of a file. */
final class ArrayBytes {

  private ArrayBytes() {}

  /** The type in which {@code array} is stored if float32 is stored as {@code floats}. */
  static ElementType type(NDArray array, ElementType floats) {
    return array.getDataType() == DataType.FLOAT32 ? floats : ElementType.of(array.getDataType());
  }

  /** The bytes of {@code array} in the order of its axes, little-endian. */
  static ByteBuffer of(NDArray array, ElementType floats) {
    ByteBuffer bytes = array.toByteBuffer();
    ElementType type = type(array, floats);
    if (type.bytes() == array.getDataType().getNumOfBytes()) {
      return bytes;
    }
    ByteBuffer halves = ByteBuffer.allocate(bytes.remaining() / 2).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      float number = bytes.getFloat();
      halves.putShort(type == ElementType.BF16 ? Halves.toBfloat(number) : Halves.toHalf(number));
    }
    return halves.flip();
  }

  /** The bytes of all of them. */
  static long size(Map<String, NDArray> arrays, ElementType floats) {
    long bytes = 0;
    for (NDArray array : arrays.values()) {
      bytes += array.size() * type(array, floats).bytes();
    }
    return bytes;
  }
}
