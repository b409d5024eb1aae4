package org.segtrain.augment;

import java.util.random.RandomGenerator;
import org.segtrain.data.Sample;

/**
 * Cuts out a random square, drawn again while one class fills too much of it; samples smaller than
 * the square keep their size on that side.
 *
 * @param size edge in pixels
 * @param maxClassShare the commonest class must stay below this fraction of the labelled pixels
 * @param tries squares examined before one is taken unseen
 */
record RandomCrop(ImageSize size, double maxClassShare, int tries) implements Augmentation {

  RandomCrop {
    if (!(maxClassShare > 0 && maxClassShare <= 1) || tries < 0) {
      throw new IllegalArgumentException(
          "the largest class share must be in 0-1 and tries not negative, but got %s and %d"
              .formatted(maxClassShare, tries));
    }
  }

  @Override
  public Sample apply(Sample sample, RandomGenerator random) {
    Part part = part(sample, new Frame(sample.width(), sample.height()), random);
    byte[] rgb = sample.picture().part(part.left(), part.top(), part.width(), part.height()).rgb();
    return new Sample(sample.name(), part.width(), part.height(), rgb, part.labels());
  }

  /** The part of a resized sample that is cut out. */
  Part part(Sample sample, Frame resized, RandomGenerator random) {
    Part part = draw(sample, resized, random);
    for (int i = 0; i < tries && !part.isVaried(maxClassShare); i++) {
      part = draw(sample, resized, random);
    }
    return part;
  }

  private Part draw(Sample sample, Frame resized, RandomGenerator random) {
    int width = Math.min(size.width(), resized.width());
    int height = Math.min(size.height(), resized.height());
    int top = random.nextInt(resized.height() - height + 1);
    int left = random.nextInt(resized.width() - width + 1);
    return Part.of(sample, resized, left, top, width, height);
  }
}
