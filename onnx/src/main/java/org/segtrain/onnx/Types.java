package org.segtrain.onnx;

import ai.djl.ndarray.types.DataType;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.segtrain.engine.internal.ScalarTypes;

/** Types of elements in DJL, PyTorch and ONNX. */
final class Types {

  /** The ONNX type of each type, lowest first: of two, PyTorch computes in the later one. */
  private static final Map<DataType, TensorProto.DataType> ONNX = new EnumMap<>(DataType.class);

  private static final List<DataType> PROMOTION =
      List.of(
          DataType.BOOLEAN,
          DataType.UINT8,
          DataType.INT8,
          DataType.INT32,
          DataType.INT64,
          DataType.FLOAT16,
          DataType.FLOAT32,
          DataType.FLOAT64);

  static {
    ONNX.put(DataType.BOOLEAN, TensorProto.DataType.BOOL);
    ONNX.put(DataType.UINT8, TensorProto.DataType.UINT8);
    ONNX.put(DataType.INT8, TensorProto.DataType.INT8);
    ONNX.put(DataType.INT32, TensorProto.DataType.INT32);
    ONNX.put(DataType.INT64, TensorProto.DataType.INT64);
    ONNX.put(DataType.FLOAT16, TensorProto.DataType.FLOAT16);
    ONNX.put(DataType.FLOAT32, TensorProto.DataType.FLOAT);
    ONNX.put(DataType.FLOAT64, TensorProto.DataType.DOUBLE);
  }

  private Types() {}

  /** ONNX's number of {@code type}. */
  static int onnx(DataType type) {
    if (!ONNX.containsKey(type)) {
      throw new Refusal("its elements are of a type that the file cannot hold; export in float32");
    }
    return ONNX.get(type).getNumber();
  }

  /** The type of PyTorch's number {@code number}. */
  static DataType ofTorch(long number) {
    return ScalarTypes.of(number)
        .orElseThrow(
            () ->
                new Refusal(
                    "it makes elements of PyTorch's type number %d; export in float32"
                        .formatted(number)));
  }

  static boolean isFloating(DataType type) {
    return type.isFloating();
  }

  /** {@code type} if it is floating, else PyTorch's default. */
  static DataType floating(DataType type) {
    return isFloating(type) ? type : DataType.FLOAT32;
  }

  /** The type to compute in where {@code type} is too small for arithmetic in ONNX Runtime. */
  static DataType arithmetic(DataType type) {
    return switch (type) {
      case BOOLEAN, UINT8, INT8 -> DataType.INT32;
      default -> type;
    };
  }

  /**
   * The type that PyTorch computes in.
   *
   * @param groups the types of the arrays with axes, of those without, and of the numbers: a later
   *     group only counts if it is of a higher kind (boolean, integer, floating) than the earlier
   */
  static DataType promoted(List<? extends Collection<DataType>> groups) {
    DataType result = null;
    for (Collection<DataType> group : groups) {
      DataType highest = group.stream().max(Comparator.comparing(PROMOTION::indexOf)).orElse(null);
      if (result == null || (highest != null && kind(highest) > kind(result))) {
        result = highest;
      }
    }
    return result;
  }

  private static int kind(DataType type) {
    return type == DataType.BOOLEAN ? 0 : isFloating(type) ? 2 : 1;
  }
}
