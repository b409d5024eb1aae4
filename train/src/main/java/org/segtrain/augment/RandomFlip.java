package org.segtrain.augment;

import java.util.random.RandomGenerator;
import org.segtrain.data.Sample;

/**
 * Mirrors left and right.
 *
 * @param probability 0-1
 */
record RandomFlip(double probability) implements Augmentation {

  RandomFlip {
    if (!(probability >= 0 && probability <= 1)) {
      throw new IllegalArgumentException(
          "the probability of a flip must be in 0-1, but got " + probability);
    }
  }

  @Override
  public Sample apply(Sample sample, RandomGenerator random) {
    return isDrawn(random)
        ? new Sample(
            sample.name(),
            sample.width(),
            sample.height(),
            sample.picture().mirrored().rgb(),
            mirrored(sample.labels(), sample.width()))
        : sample;
  }

  /** Whether the next one is mirrored. */
  boolean isDrawn(RandomGenerator random) {
    return random.nextDouble() < probability;
  }

  /** {@code H*W -> H*W}. */
  static byte[] mirrored(byte[] labels, int width) {
    byte[] mirrored = new byte[labels.length];
    for (int row = 0; row < labels.length; row += width) {
      int last = row + width - 1;
      for (int x = 0; x < width; x++) {
        mirrored[last - x] = labels[row + x];
      }
    }
    return mirrored;
  }
}
