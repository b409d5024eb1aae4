package org.segtrain.parity;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/** The labels of the reference's runs, int64 {@code B H W}. */
final class Labels {

  /** The label of pixels that do not count. */
  static final int IGNORED = 255;

  static final int CLASSES = 150;
  private static final int CELL = 8; // pixels

  private final long[] values; // row by row
  private final Shape shape;
  private final long valid;

  private Labels(long[] values, Shape shape, long valid) {
    this.values = values;
    this.shape = shape;
    this.valid = valid;
  }

  /** Those for an image of shape {@code B C H W} in step {@code step} of a trajectory. */
  static Labels of(Shape image, int step) {
    Shape shape = new Shape(image.get(0), image.get(2), image.get(3));
    long width = shape.get(2);
    long height = shape.get(1);
    long[] values = new long[Math.toIntExact(shape.size())];
    long valid = 0;
    for (int i = 0; i < values.length; i++) {
      long w = i % width;
      long h = i / width % height;
      long b = i / width / height;
      long label = (h / CELL * 7 + w / CELL * 3 + b + step) % (CLASSES + 1);
      values[i] = label == CLASSES ? IGNORED : label;
      valid += label == CLASSES ? 0 : 1;
    }
    return new Labels(values, shape, valid);
  }

  /** {@code B H W}. */
  Shape shape() {
    return shape;
  }

  /** Row by row. */
  long[] values() {
    return values;
  }

  /** How many pixels count. */
  long valid() {
    return valid;
  }

  /** The share of the pixels that count. */
  double validFraction() {
    return (double) valid / values.length;
  }

  NDArray array(NDManager manager) {
    return manager.create(values, shape);
  }
}
