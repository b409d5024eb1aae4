package org.segtrain.tensors;

import ai.djl.ndarray.types.DataType;
import java.util.Arrays;

/**
 * How one number of a tensor is stored in a file; safetensors' names. Numbers of 16 bits become
 * arrays of 32: DJL has no arithmetic for them, and an array of INT16 ends the JVM.
 */
public enum ElementType {
  F64(8, DataType.FLOAT64),
  F32(4, DataType.FLOAT32),
  F16(2, DataType.FLOAT32),
  BF16(2, DataType.FLOAT32),
  I64(8, DataType.INT64),
  I32(4, DataType.INT32),
  I16(2, DataType.INT32),
  I8(1, DataType.INT8),
  U8(1, DataType.UINT8),
  BOOL(1, DataType.BOOLEAN);

  private final int bytes;
  private final DataType read;

  ElementType(int bytes, DataType read) {
    this.bytes = bytes;
    this.read = read;
  }

  /** The one of that name, or null. */
  static ElementType find(String name) {
    return Arrays.stream(values())
        .filter(type -> type.name().equals(name))
        .findFirst()
        .orElse(null);
  }

  /**
   * The one in which an array of that type is stored.
   *
   * @throws IllegalArgumentException if there is none
   */
  static ElementType of(DataType type) {
    return switch (type) {
      case FLOAT16 -> F16;
      case BFLOAT16 -> BF16;
      default ->
          Arrays.stream(values())
              .filter(stored -> stored.read == type && stored.bytes == type.getNumOfBytes())
              .findFirst()
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "arrays of " + type + " have no form in a file"));
    };
  }

  /** The bytes that a number takes in the file. */
  public int bytes() {
    return bytes;
  }

  /** The type of the array that {@link TensorFile#read} gives: every value is exact in it. */
  public DataType read() {
    return read;
  }
}
