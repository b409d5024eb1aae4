package org.segtrain.data;

/** Red, green and blue, each 0 to 255. */
record Colour(double red, double green, double blue) {

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
