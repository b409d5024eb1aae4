package org.segtrain.augment;

import java.util.random.RandomGenerator;
import org.segtrain.data.Sample;

/**
 * Resizes, keeping the aspect ratio, so that the sample fits edges scaled by a random ratio.
 *
 * @param longEdge pixels at ratio 1
 * @param shortEdge pixels at ratio 1
 * @param minRatio smallest ratio drawn
 * @param maxRatio largest ratio drawn
 */
record RandomResize(int longEdge, int shortEdge, double minRatio, double maxRatio)
    implements Augmentation {

  RandomResize {
    if (shortEdge < 1 || longEdge < shortEdge) {
      throw new IllegalArgumentException(
          "the long edge must be at least the short edge, but got %d and %d"
              .formatted(longEdge, shortEdge));
    }
    if (!(minRatio > 0 && minRatio <= maxRatio)) {
      throw new IllegalArgumentException(
          "scale ratios must be positive and in order, but got %s to %s"
              .formatted(minRatio, maxRatio));
    }
  }

  @Override
  public Sample apply(Sample sample, RandomGenerator random) {
    double ratio = minRatio + (maxRatio - minRatio) * random.nextDouble();
    return Frame.fitting(
            sample.width(), sample.height(), (int) (longEdge * ratio), (int) (shortEdge * ratio))
        .resize(sample);
  }
}
