package org.segtrain.onnx;

import ai.djl.ndarray.types.DataType;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.Collections;
import java.util.List;

/**
 * An input or output.
 *
 * @param name what programs call it
 * @param axes what each axis is called, or its size in digits; null for one without a name
 */
record Port(String name, List<String> axes) {

  /** One whose axes have no names. */
  static Port of(String name, int rank) {
    return new Port(name, Collections.nCopies(rank, null));
  }

  ValueInfoProto proto(DataType type, int rank) {
    if (axes.size() != rank) {
      throw new IllegalArgumentException(
          "%s has %d axes, but %d are named: %s".formatted(name, rank, axes.size(), axes));
    }
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    axes.forEach(axis -> shape.addDim(dimension(axis)));
    TypeProto.Tensor.Builder tensor =
        TypeProto.Tensor.newBuilder().setElemType(Types.onnx(type)).setShape(shape);
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }

  private static TensorShapeProto.Dimension.Builder dimension(String axis) {
    TensorShapeProto.Dimension.Builder dimension = TensorShapeProto.Dimension.newBuilder();
    if (axis == null) {
      return dimension;
    }
    return axis.matches("\\d+")
        ? dimension.setDimValue(Long.parseLong(axis))
        : dimension.setDimParam(axis);
  }
}
