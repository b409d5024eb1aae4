package org.segtrain.augment;

import java.util.random.RandomGenerator;
import org.segtrain.data.Sample;

/**
 * Fills a random rectangle of a photograph with noise. Zhong et al., Random Erasing Data
 * Augmentation (arXiv:1708.04896), algorithm 1; their area is 0.02 to 0.4.
 *
 * <p>Labels stay, as by default in MMSegmentation's {@code RandomCutOut}: a model is to infer the
 * hidden part from its surroundings.
 *
 * @param probability 0-1
 * @param most largest share of the area, 0-1
 */
record RandomErasing(double probability, double most) implements Augmentation {

  /** Smallest share of the area. */
  static final double LEAST = 0.02;

  private static final double FLATTEST = 0.3; // height over width
  private static final int TRIES = 100; // as in the authors' code

  private record Rectangle(int left, int top, int width, int height) {}

  RandomErasing {
    if (!(probability >= 0 && probability <= 1) || !(most >= LEAST && most <= 1)) {
      throw new IllegalArgumentException(
          "the probability of erasing must be in 0-1 and the area in %s-1, but got %s and %s"
              .formatted(LEAST, probability, most));
    }
  }

  @Override
  public Sample apply(Sample sample, RandomGenerator random) {
    if (random.nextDouble() >= probability) {
      return sample;
    }
    for (int i = 0; i < TRIES; i++) {
      double area = (LEAST + (most - LEAST) * random.nextDouble()) * sample.labels().length;
      double aspect = FLATTEST + (1 / FLATTEST - FLATTEST) * random.nextDouble();
      int height = (int) Math.round(Math.sqrt(area * aspect));
      int width = (int) Math.round(Math.sqrt(area / aspect));
      if (width < sample.width() && height < sample.height()) {
        int top = random.nextInt(sample.height() - height + 1);
        int left = random.nextInt(sample.width() - width + 1);
        return erased(sample, new Rectangle(left, top, width, height), random);
      }
    }
    return sample; // too narrow for any
  }

  private static Sample erased(Sample sample, Rectangle where, RandomGenerator random) {
    byte[] rgb = sample.rgb().clone();
    byte[] noise = new byte[3 * where.width];
    for (int y = where.top; y < where.top + where.height; y++) {
      random.nextBytes(noise);
      System.arraycopy(noise, 0, rgb, 3 * (y * sample.width() + where.left), noise.length);
    }
    return new Sample(sample.name(), sample.width(), sample.height(), rgb, sample.labels());
  }
}
