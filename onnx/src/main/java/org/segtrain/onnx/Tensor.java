package org.segtrain.onnx;

import ai.djl.ndarray.types.DataType;

/**
 * An array of the ONNX graph.
 *
 * @param name the graph's name for it
 * @param type of the elements
 * @param rank the number of axes
 */
record Tensor(String name, DataType type, int rank) implements Value {

  /** The axis that {@code axis} means, which counts from the end if it is negative. */
  int axis(long axis) {
    return Math.toIntExact(axis < 0 ? axis + rank : axis);
  }
}
