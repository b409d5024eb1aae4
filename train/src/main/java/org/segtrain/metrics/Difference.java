package org.segtrain.metrics;

/**
 * By how much a figure of one model is above that of another on the same images.
 *
 * @param value negative if it is below; NaN if either is unknown
 * @param low of its 95 % confidence interval; NaN if there are too few images
 * @param high of it
 */
public record Difference(double value, double low, double high) {

  /** Whether the interval is known and does not hold 0. */
  public boolean isSignificant() {
    return low > 0 || high < 0;
  }
}
