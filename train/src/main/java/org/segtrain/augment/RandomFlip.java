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
    return random.nextDouble() < probability ? flip(sample) : sample;
  }

  private static Sample flip(Sample sample) {
    int width = sample.width();
    byte[] labels = new byte[sample.labels().length];
    for (int i = 0; i < labels.length; i++) {
      int mirrored = i - i % width + (width - 1 - i % width);
      labels[mirrored] = sample.labels()[i];
    }
    byte[] rgb = sample.picture().mirrored().rgb();
    return new Sample(sample.name(), width, sample.height(), rgb, labels);
  }
}
