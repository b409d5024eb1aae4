package org.segtrain.engine.internal;

import ai.djl.ndarray.types.DataType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** PyTorch's numbers of types of elements, {@code c10::ScalarType}. */
public final class ScalarTypes {

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

  /** Whether PyTorch has a number for {@code type}. */
  public static boolean has(DataType type) {
    return BY_NUMBER.contains(type);
  }

  /** PyTorch's number for {@code type}, which has one. */
  public static int number(DataType type) {
    return BY_NUMBER.indexOf(type);
  }

  /** The type of that number; empty if DJL has none for it. */
  public static Optional<DataType> of(long number) {
    return number < 0 || number >= BY_NUMBER.size()
        ? Optional.empty()
        : Optional.ofNullable(BY_NUMBER.get((int) number));
  }
}
