package org.segtrain.onnx;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Arrays as the file holds them: row by row, least significant byte first. */
final class Arrays {

  private Arrays() {}

  /** {@code array}, whose elements are read when the file is written. */
  static TensorProto.Builder proto(NDArray array) {
    TensorProto.Builder proto = header(array.getDataType(), array.getShape().getShape());
    return proto.setRawData(UnsafeByteOperations.unsafeWrap(content(array)));
  }

  /** {@code array}, whose elements are read at once. */
  static TensorProto.Builder copied(NDArray array) {
    try (NDArray host = array.toDevice(Device.cpu(), true)) {
      return header(array.getDataType(), array.getShape().getShape())
          .setRawData(UnsafeByteOperations.unsafeWrap(host.toByteArray()));
    }
  }

  /** DJL would leave what it copies from a GPU to the manager of the array. */
  private static ByteBuffer content(NDArray array) {
    if (!array.getDevice().isGpu()) {
      return array.toByteBuffer(true);
    }
    try (NDArray host = array.toDevice(Device.cpu(), true)) {
      return ByteBuffer.wrap(host.toByteArray());
    }
  }

  /**
   * Constants.
   *
   * @param values row by row
   * @param sizes of the axes; none for a single number
   */
  static TensorProto.Builder proto(DataType type, List<? extends Number> values, long... sizes) {
    ByteBuffer bytes = ByteBuffer.allocate(values.size() * type.getNumOfBytes());
    bytes.order(ByteOrder.LITTLE_ENDIAN);
    values.forEach(value -> put(bytes, value, type));
    return header(type, sizes).setRawData(ByteString.copyFrom(bytes.flip()));
  }

  private static TensorProto.Builder header(DataType type, long... sizes) {
    TensorProto.Builder proto = TensorProto.newBuilder().setDataType(Types.onnx(type));
    for (long size : sizes) {
      proto.addDims(size);
    }
    return proto;
  }

  private static void put(ByteBuffer bytes, Number value, DataType type) {
    switch (type) {
      case FLOAT64 -> bytes.putDouble(value.doubleValue());
      case FLOAT32 -> bytes.putFloat(value.floatValue());
      case INT64 -> bytes.putLong(value.longValue());
      case INT32 -> bytes.putInt(value.intValue());
      case INT8, UINT8, BOOLEAN -> bytes.put(value.byteValue());
      default -> throw new Refusal("it reads constants of type " + type);
    }
  }
}
