package org.segtrain.augment;

import java.util.random.RandomGenerator;
import org.segtrain.data.Sample;

/**
 * Turns about the centre and keeps the size, as MMSegmentation's {@code RandomRotate} does: the
 * photograph linearly, its labels to the nearest. Pixels from outside have the mean colour and are
 * void.
 *
 * @param most degrees to either side
 */
record RandomRotation(double most) implements Augmentation {

  RandomRotation {
    if (!(most >= 0 && most <= 180)) {
      throw new IllegalArgumentException("a rotation must be in 0-180 degrees, but got " + most);
    }
  }

  @Override
  public Sample apply(Sample sample, RandomGenerator random) {
    return turned(sample, most * (2 * random.nextDouble() - 1));
  }

  /**
   * Turns by one angle.
   *
   * @param degrees anticlockwise
   */
  static Sample turned(Sample sample, double degrees) {
    int width = sample.width();
    int height = sample.height();
    return new Sample(
        sample.name(),
        width,
        height,
        OpenCv.turnRgb(sample.rgb(), width, height, degrees),
        OpenCv.turnLabels(sample.labels(), width, height, degrees));
  }
}
