package org.segtrain.data;

/**
 * One object of a scene.
 *
 * @param label the class, 0 to 11
 * @param outline where it is
 * @param surface what it looks like
 * @param bordered whether a border of one pixel is marked void, as in VOC and CamVid
 */
record Thing(int label, Outline outline, Surface surface, boolean bordered) {

  /** Two colours and the pattern that mixes them, turned by {@code angle} (its cos and sin). */
  record Surface(
      Pattern pattern,
      Colour first,
      Colour second,
      double period,
      double cos,
      double sin,
      long seed) {

    /** How far from the first colour (0) to the second (1) at an offset from the thing's centre. */
    double mix(double dx, double dy) {
      double u = (cos * dx + sin * dy) / period;
      double v = (cos * dy - sin * dx) / period;
      return pattern.mix(u, v, period, seed);
    }
  }
}
