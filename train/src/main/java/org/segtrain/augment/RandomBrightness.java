package org.segtrain.augment;

import java.util.random.RandomGenerator;
import org.segtrain.data.Sample;

/**
 * Adds one number to all colours.
 *
 * @param most is added or taken away, 0-255
 */
record RandomBrightness(int most) implements Augmentation {

  RandomBrightness {
    if (most < 0 || most > 255) {
      throw new IllegalArgumentException("brightness must be in 0-255, but got " + most);
    }
  }

  @Override
  public Sample apply(Sample sample, RandomGenerator random) {
    int shift = random.nextInt(-most, most + 1);
    byte[] rgb = sample.rgb().clone();
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) Math.min(255, Math.max(0, Byte.toUnsignedInt(rgb[i]) + shift));
    }
    return new Sample(sample.name(), sample.width(), sample.height(), rgb, sample.labels());
  }
}
