package org.segtrain.torchscript;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.segtrain.engine.Aten;

/**
 * An array of the block as the file holds it.
 *
 * @param rounded whether it is stored as bfloat16
 */
record Tensor(NDArray array, boolean rounded) {

  private static final int ROUNDING = 0x7fff; // and one more if the last bit kept is odd

  /**
   * PyTorch's name of the type of the storage.
   *
   * @param name of the array, for the message
   */
  String storage(String name) {
    if (rounded) {
      return "BFloat16Storage";
    }
    return switch (array.getDataType()) {
      case FLOAT32 -> "FloatStorage";
      case FLOAT64 -> "DoubleStorage";
      case FLOAT16 -> "HalfStorage";
      case INT64 -> "LongStorage";
      case INT32 -> "IntStorage";
      case INT8 -> "CharStorage";
      case UINT8 -> "ByteStorage";
      case BOOLEAN -> "BoolStorage";
      default ->
          throw new IllegalArgumentException(
              "parameter %s is of type %s, which cannot be exported; make it float32 or int64"
                  .formatted(name, Aten.isBfloat16(array) ? "bfloat16" : array.getDataType()));
    };
  }

  long size() {
    return array.size() * (rounded ? Short.BYTES : array.getDataType().getNumOfBytes());
  }

  /** The elements, row by row. */
  ByteBuffer bytes() {
    ByteBuffer bytes = content();
    if (!rounded) {
      return bytes;
    }
    FloatBuffer floats = bytes.order(ByteOrder.nativeOrder()).asFloatBuffer();
    ByteBuffer halves =
        ByteBuffer.allocate(floats.remaining() * Short.BYTES).order(ByteOrder.nativeOrder());
    while (floats.hasRemaining()) {
      halves.putShort(round(floats.get()));
    }
    return halves.flip();
  }

  /** DJL would leave what it copies from a GPU to the manager of the array. */
  private ByteBuffer content() {
    if (!array.getDevice().isGpu()) {
      return array.toByteBuffer();
    }
    try (NDArray host = array.toDevice(Device.cpu(), true)) {
      return ByteBuffer.wrap(host.toByteArray());
    }
  }

  /** To the nearest number that ends after 16 bits; of two such to the even one. */
  private static short round(float value) {
    int bits = Float.floatToIntBits(value);
    if (Float.isNaN(value)) {
      return (short) (bits >>> 16);
    }
    return (short) ((bits + ROUNDING + (bits >>> 16 & 1)) >>> 16);
  }
}
