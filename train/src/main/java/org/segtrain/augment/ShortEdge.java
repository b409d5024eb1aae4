package org.segtrain.augment;

import java.util.random.RandomGenerator;
import org.segtrain.data.Sample;

/**
 * Enlarges a sample whose short edge is too short, keeping its aspect ratio; nothing is random.
 *
 * @param least pixels
 */
record ShortEdge(int least) implements Augmentation {

  ShortEdge {
    if (least < 1) {
      throw new IllegalArgumentException(
          "the short edge must be at least 1 pixel, but got " + least);
    }
  }

  @Override
  public Sample apply(Sample sample, RandomGenerator random) {
    return Frame.covering(sample.width(), sample.height(), least).resize(sample);
  }
}
