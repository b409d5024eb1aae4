package org.segtrain.data;

/** Red, green and blue, each 0 to 255. */
record Colour(double red, double green, double blue) {

  /**
   * A colour by hue, in degrees, saturation, 0 to 1, and its largest component, 0 to 255 (Smith
   * 1978, the hexcone model).
   */
  static Colour of(double hue, double saturation, double value) {
    return new Colour(
        component(hue, 5, saturation, value),
        component(hue, 3, saturation, value),
        component(hue, 1, saturation, value));
  }

  private static double component(double hue, int offset, double saturation, double value) {
    double sector = (offset + hue / 60) % 6;
    double k = sector < 0 ? sector + 6 : sector;
    return value - value * saturation * Math.max(0, Math.min(1, Math.min(k, 4 - k)));
  }

  double distance(Colour other) {
    double r = red - other.red;
    double g = green - other.green;
    double b = blue - other.blue;
    return Math.sqrt(r * r + g * g + b * b);
  }

  /** The colour {@code share} of the way to {@code other}. */
  Colour towards(Colour other, double share) {
    return new Colour(
        red + share * (other.red - red),
        green + share * (other.green - green),
        blue + share * (other.blue - blue));
  }
}
