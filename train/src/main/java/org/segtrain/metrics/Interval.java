package org.segtrain.metrics;

/**
 * The 95 % confidence interval of a figure, over images of the same kind.
 *
 * @param low 0-1; NaN where there are fewer than two images with labels
 * @param high 0-1; NaN likewise
 * @param images with labels behind it
 */
public record Interval(double low, double high, int images) {

  /** Whether there are enough images for one. */
  public boolean isKnown() {
    return !Double.isNaN(low);
  }
}
