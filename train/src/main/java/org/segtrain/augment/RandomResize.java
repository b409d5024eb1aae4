package org.segtrain.augment;

import java.util.random.RandomGenerator;
import org.segtrain.data.Sample;

/**
 * Resizes, keeping the aspect ratio, so that the sample fits edges scaled by a random ratio.
 *
 * @param edges at ratio 1
 * @param minRatio smallest ratio drawn
 * @param maxRatio largest ratio drawn
 */
record RandomResize(Edges edges, double minRatio, double maxRatio) implements Resizing {

  RandomResize {
    if (!(minRatio > 0 && minRatio <= maxRatio)) {
      throw new IllegalArgumentException(
          "scale ratios must be positive and in order, but got %s to %s"
              .formatted(minRatio, maxRatio));
    }
  }

  @Override
  public Frame frame(Sample sample, RandomGenerator random) {
    double ratio = minRatio + (maxRatio - minRatio) * random.nextDouble();
    return Frame.fitting(
        sample.width(),
        sample.height(),
        (int) (edges.longEdge() * ratio),
        (int) (edges.shortEdge() * ratio));
  }

  @Override
  public Interpolation between() {
    return Interpolation.LINEAR;
  }
}
