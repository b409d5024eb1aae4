package org.segtrain.augment;

import java.util.random.RandomGenerator;
import org.segtrain.data.Sample;

/**
 * Scales by a random factor and, by another that leaves the area alone, changes the aspect ratio.
 *
 * @param minFactor smallest factor drawn
 * @param maxFactor largest factor drawn
 * @param stretch the aspect ratio changes by at most this fraction, 0-1
 * @param between how the photograph is resized
 */
record RandomScale(double minFactor, double maxFactor, double stretch, Interpolation between)
    implements Resizing {

  RandomScale {
    if (!(minFactor > 0 && minFactor <= maxFactor) || !(stretch >= 0 && stretch < 1)) {
      throw new IllegalArgumentException(
          "scale factors must be positive and in order and the stretch in 0-1, but got %s to %s and %s"
              .formatted(minFactor, maxFactor, stretch));
    }
  }

  @Override
  public Frame frame(Sample sample, RandomGenerator random) {
    double factor = minFactor + (maxFactor - minFactor) * random.nextDouble();
    double aspect = Math.sqrt(1 + stretch * (2 * random.nextDouble() - 1));
    return new Frame(
        scaled(sample.width(), factor * aspect), scaled(sample.height(), factor / aspect));
  }

  private static int scaled(int edge, double factor) {
    return Math.max(1, (int) (edge * factor + 0.5));
  }
}
