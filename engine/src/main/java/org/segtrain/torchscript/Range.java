package org.segtrain.torchscript;

/**
 * The least and the largest element of an array, over the photographs of a calibration.
 *
 * @param least at most 0
 * @param largest at least 0
 */
record Range(double least, double largest) {

  private static final int LEVELS = 255; // above the lowest byte

  Range {
    least = Math.min(least, 0);
    largest = Math.max(largest, 0);
  }

  /** The distance between neighbouring bytes. */
  double scale() {
    double scale = (largest - least) / LEVELS;
    return scale > 0 ? scale : 1;
  }

  /** The byte that stands for 0. */
  long zero() {
    return Math.round(-least / scale());
  }
}
