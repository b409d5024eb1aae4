package org.segtrain.parity;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

/** An array that this build computed, on the heap. Sums are in float64. */
final class Measured {

  private final Shape shape;
  private final float[] values;

  private Measured(Shape shape, float[] values) {
    this.shape = shape;
    this.values = values;
  }

  static Measured of(NDArray array) {
    return new Measured(array.getShape(), array.toType(DataType.FLOAT32, false).toFloatArray());
  }

  Shape shape() {
    return shape;
  }

  double mean() {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  double std() {
    double mean = mean();
    double sum = 0;
    for (float value : values) {
      sum += (value - mean) * (value - mean);
    }
    return Math.sqrt(sum / values.length);
  }

  double norm() {
    double sum = 0;
    for (float value : values) {
      sum += (double) value * value;
    }
    return Math.sqrt(sum);
  }

  /** The value at place {@code index} of {@code count} that are spread over the flat array. */
  double sample(int index, int count) {
    return values[Math.toIntExact((long) index * (values.length - 1) / (count - 1))];
  }
}
