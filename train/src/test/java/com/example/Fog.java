package com.example;

import java.util.random.RandomGenerator;
import org.segtrain.augment.Augmentation;
import org.segtrain.data.Sample;

/** An augmentation of a user: fog over every third photograph. */
final class Fog implements Augmentation {

  private static final int WHITE = 230;

  @Override
  public Sample apply(Sample sample, RandomGenerator random) {
    if (random.nextInt(3) > 0) {
      return sample;
    }
    double density = 0.6 * random.nextDouble();
    byte[] rgb = sample.rgb().clone(); // the sample itself stays as it is
    for (int i = 0; i < rgb.length; i++) {
      int colour = Byte.toUnsignedInt(rgb[i]);
      rgb[i] = (byte) Math.round(colour + density * (WHITE - colour));
    }
    return new Sample(sample.name(), sample.width(), sample.height(), rgb, sample.labels());
  }
}
