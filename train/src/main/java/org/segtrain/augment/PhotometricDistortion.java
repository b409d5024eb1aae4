package org.segtrain.augment;

import java.util.random.RandomGenerator;
import org.segtrain.data.Sample;

/**
 * Changes brightness, contrast, saturation and hue, each with probability one half; contrast comes
 * first or last. MMSegmentation's {@code PhotoMetricDistortion}, with its 8-bit roundings.
 *
 * @param brightness at most this much is added, 0-255
 * @param contrast at most this fraction is added to or taken from the factor 1
 * @param saturation at most this fraction is added to or taken from the factor 1
 * @param hue at most this much is added, in OpenCV's units of two degrees
 */
record PhotometricDistortion(double brightness, double contrast, double saturation, int hue)
    implements Augmentation {

  private static final int HUES = 180;

  PhotometricDistortion {
    if (!(brightness >= 0 && brightness <= 255) || hue < 0 || hue > HUES / 2) {
      throw new IllegalArgumentException(
          "brightness must be in 0-255 and hue in 0-%d, but got %s and %d"
              .formatted(HUES / 2, brightness, hue));
    }
    if (!(contrast >= 0 && contrast <= 1 && saturation >= 0 && saturation <= 1)) {
      throw new IllegalArgumentException(
          "contrast and saturation must be in 0-1, but got %s and %s"
              .formatted(contrast, saturation));
    }
  }

  @Override
  public Sample apply(Sample sample, RandomGenerator random) {
    byte[] rgb = sample.rgb().clone();
    if (random.nextBoolean()) {
      shift(rgb, brightness * symmetric(random));
    }
    boolean contrastFirst = random.nextBoolean();
    if (contrastFirst) {
      distortContrast(rgb, random);
    }
    if (random.nextBoolean()) {
      byte[] table = linear(1 + saturation * symmetric(random), 0);
      OpenCv.throughHsv(rgb, sample.width(), sample.height(), hsv -> look(table, hsv, 1, 3));
    }
    if (random.nextBoolean() && hue > 0) {
      byte[] table = turned(random.nextInt(-hue, hue));
      OpenCv.throughHsv(rgb, sample.width(), sample.height(), hsv -> look(table, hsv, 0, 3));
    }
    if (!contrastFirst) {
      distortContrast(rgb, random);
    }
    return new Sample(sample.name(), sample.width(), sample.height(), rgb, sample.labels());
  }

  private void distortContrast(byte[] rgb, RandomGenerator random) {
    if (random.nextBoolean()) {
      look(linear(1 + contrast * symmetric(random), 0), rgb, 0, 1);
    }
  }

  private static void shift(byte[] rgb, double delta) {
    look(linear(1, delta), rgb, 0, 1);
  }

  /** Uniform in -1 to 1. */
  private static double symmetric(RandomGenerator random) {
    return 2 * random.nextDouble() - 1;
  }

  /** Value v to {@code factor * v + delta}, cut to 0-255 and rounded down. */
  private static byte[] linear(double factor, double delta) {
    byte[] table = new byte[256];
    for (int v = 0; v < 256; v++) {
      float moved = v * (float) factor + (float) delta;
      table[v] = (byte) (int) Math.min(255, Math.max(0, moved));
    }
    return table;
  }

  private static byte[] turned(int delta) {
    byte[] table = new byte[256];
    for (int v = 0; v < 256; v++) {
      table[v] = (byte) Math.floorMod(v + delta, HUES);
    }
    return table;
  }

  private static void look(byte[] table, byte[] values, int first, int step) {
    for (int i = first; i < values.length; i += step) {
      values[i] = table[values[i] & 0xFF];
    }
  }
}
