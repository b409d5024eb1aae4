package org.segtrain.data;

/**
 * Random numbers of a generated scene, by SplitMix64: the same on every machine and Java version.
 */
final class Dice {

  private long state;

  Dice(long seed) {
    state = seed;
  }

  private long next() {
    state += 0x9E3779B97F4A7C15L;
    return mix(state);
  }

  /** Scatters the bits of {@code value}: neighbouring values give unrelated results. */
  static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** Uniform in [low, high). */
  double between(double low, double high) {
    return low + (high - low) * (next() >>> 11) * 0x1p-53;
  }

  /** Between low and high, small values oftener than large ones. */
  double skewed(double low, double high) {
    double share = between(0, 1);
    return low + (high - low) * share * share;
  }

  /** One of low, low + 1, ..., high. */
  int integer(int low, int high) {
    return low + (int) between(0, high - low + 1.0);
  }

  boolean chance(double probability) {
    return between(0, 1) < probability;
  }

  /** Bell-shaped, mean 0, variance 1, never beyond 3.5: the sum of four uniform numbers. */
  double noise() {
    long bits = next();
    long sum = (bits & 0xFFFF) + (bits >>> 16 & 0xFFFF) + (bits >>> 32 & 0xFFFF) + (bits >>> 48);
    return (sum * 0x1p-16 - 2) * 1.7320508075688772;
  }

  /** A colour of any hue. */
  Colour colour() {
    return new Colour(between(20, 235), between(20, 235), between(20, 235));
  }

  /**
   * A colour of about the given hue, now pale, now dark; one in four is of any hue.
   *
   * @param hue in degrees, red being 0
   */
  Colour colourAround(double hue) {
    if (chance(0.25)) {
      return colour();
    }
    return Colour.of(hue + 25 * noise(), between(0.25, 0.9), between(90, 235));
  }

  /** A colour that can be told from {@code other}: at least {@code least} of 255 away. */
  Colour colourUnlike(Colour other, double least) {
    Colour colour = colour();
    while (colour.distance(other) < least) {
      colour = colour();
    }
    return colour;
  }
}
