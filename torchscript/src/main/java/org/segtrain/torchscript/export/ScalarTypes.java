package org.segtrain.torchscript.export;

import ai.djl.ndarray.types.DataType;
import java.util.Arrays;
import java.util.List;

/** PyTorch's numbers of types of elements, {@code c10::ScalarType}. */
final class ScalarTypes {

  private static final List<DataType> BY_NUMBER =
      Arrays.asList(
          DataType.UINT8,
          DataType.INT8,
          null, // int16
          DataType.INT32,
          DataType.INT64,
          DataType.FLOAT16,
          DataType.FLOAT32,
          DataType.FLOAT64,
          null, // complex numbers
          null,
          null,
          DataType.BOOLEAN);

  private ScalarTypes() {}

  static boolean has(DataType type) {
    return BY_NUMBER.contains(type);
  }

  static int number(DataType type) {
    return BY_NUMBER.indexOf(type);
  }
}
