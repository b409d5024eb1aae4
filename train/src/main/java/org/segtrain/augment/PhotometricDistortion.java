package org.segtrain.augment;

import java.util.Arrays;
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
  private static final int HUE = 0; // channels of OpenCV
  private static final int SATURATION = 1;

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
    Colours colours = new Colours(sample);
    if (random.nextBoolean()) {
      colours.change(linear(1, brightness * symmetric(random)));
    }
    boolean contrastFirst = random.nextBoolean();
    if (contrastFirst) {
      distortContrast(colours, random);
    }
    if (random.nextBoolean()) {
      colours.changeInHsv(SATURATION, linear(1 + saturation * symmetric(random), 0));
    }
    if (random.nextBoolean() && hue > 0) {
      colours.changeInHsv(HUE, turned(random.nextInt(-hue, hue)));
    }
    if (!contrastFirst) {
      distortContrast(colours, random);
    }
    return colours.sample();
  }

  private void distortContrast(Colours colours, RandomGenerator random) {
    if (random.nextBoolean()) {
      colours.change(linear(1 + contrast * symmetric(random), 0));
    }
  }

  /** The colours of a sample, which stays as it is, on their way. */
  private static final class Colours {

    private final Sample sample;
    private final byte[] due = linear(1, 0); // what each value is still to become
    private byte[] rgb;

    Colours(Sample sample) {
      this.sample = sample;
      this.rgb = sample.rgb();
    }

    /** Changes all values by a table. */
    void change(byte[] table) {
      for (int v = 0; v < due.length; v++) {
        due[v] = table[due[v] & 0xFF];
      }
    }

    /** Changes one channel of hue, saturation and value by a table. */
    void changeInHsv(int channel, byte[] table) {
      settle();
      byte[] to = own();
      OpenCv.throughHsv(rgb, sample.width(), sample.height(), hsv -> look(table, hsv, channel), to);
      rgb = to;
    }

    private static void look(byte[] table, byte[] hsv, int channel) {
      for (int i = channel; i < hsv.length; i += 3) {
        hsv[i] = table[hsv[i] & 0xFF];
      }
    }

    private void settle() {
      byte[] same = linear(1, 0);
      if (!Arrays.equals(due, same)) {
        byte[] to = own();
        for (int i = 0; i < rgb.length; i++) {
          to[i] = due[rgb[i] & 0xFF];
        }
        rgb = to;
        System.arraycopy(same, 0, due, 0, same.length);
      }
    }

    private byte[] own() {
      return rgb == sample.rgb() ? new byte[rgb.length] : rgb;
    }

    Sample sample() {
      settle();
      return new Sample(sample.name(), sample.width(), sample.height(), rgb, sample.labels());
    }
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
}
