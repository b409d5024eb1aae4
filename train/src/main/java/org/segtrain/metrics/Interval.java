package org.segtrain.metrics;

/**
 * Between which values a figure would be on other images of the same kind, in 95 of 100 cases.
 *
 * @param low 0-1; NaN where there are fewer than two images with labels
 * @param high 0-1; NaN likewise
 * @param images with labels, that it was found from
 */
public record Interval(double low, double high, int images) {

  /** Whether there are enough images for one. */
  public boolean isKnown() {
    return !Double.isNaN(low);
  }
}
