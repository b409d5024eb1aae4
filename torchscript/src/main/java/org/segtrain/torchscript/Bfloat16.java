package org.segtrain.torchscript;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Parameter;

/** Which parameters mixed precision rounds to bfloat16. */
public final class Bfloat16 {

  private Bfloat16() {}

  /** Whether {@code parameter} is rounded: weights and biases, but not what normalisations own. */
  public static boolean rounds(Parameter parameter, NDArray value) {
    if (value.getDataType() != DataType.FLOAT32) {
      return false;
    }
    return switch (parameter.getType()) {
      case WEIGHT, BIAS, OTHER -> true;
      default -> false;
    };
  }
}
