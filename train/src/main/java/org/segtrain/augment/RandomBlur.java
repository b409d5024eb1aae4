package org.segtrain.augment;

import java.util.random.RandomGenerator;
import org.segtrain.data.Sample;

/**
 * Blurs a photograph with a Gaussian of random width. SimCLR (arXiv:2002.05709), appendix A, draws
 * the standard deviation from 0.1 to 2 pixels.
 *
 * @param probability 0-1
 * @param most largest standard deviation, pixels
 */
record RandomBlur(double probability, double most) implements Augmentation {

  /** Smallest standard deviation, pixels. */
  static final double LEAST = 0.1;

  RandomBlur {
    if (!(probability >= 0 && probability <= 1) || !(most >= LEAST)) {
      throw new IllegalArgumentException(
          "the probability of a blur must be in 0-1 and its width at least %s, but got %s and %s"
              .formatted(LEAST, probability, most));
    }
  }

  @Override
  public Sample apply(Sample sample, RandomGenerator random) {
    if (random.nextDouble() >= probability) {
      return sample;
    }
    double sigma = LEAST + (most - LEAST) * random.nextDouble();
    byte[] rgb = OpenCv.blurRgb(sample.rgb(), sample.width(), sample.height(), sigma);
    return new Sample(sample.name(), sample.width(), sample.height(), rgb, sample.labels());
  }
}
