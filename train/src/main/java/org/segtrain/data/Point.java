package org.segtrain.data;

/** A point of the image, in pixels; the centre of the first pixel is (0.5, 0.5). */
record Point(double x, double y) {

  /** The point at {@code distance} from here in the direction of {@code angle}, in radians. */
  Point towards(double angle, double distance) {
    return new Point(x + distance * StrictMath.cos(angle), y + distance * StrictMath.sin(angle));
  }

  double distance(double otherX, double otherY) {
    return Math.sqrt((x - otherX) * (x - otherX) + (y - otherY) * (y - otherY));
  }

  /** The square of the distance between (px, py) and the segment from a to b. */
  static double squaredDistance(Point a, Point b, double px, double py) {
    double ex = b.x - a.x;
    double ey = b.y - a.y;
    double wx = px - a.x;
    double wy = py - a.y;
    double along = Math.max(0, Math.min(1, (wx * ex + wy * ey) / (ex * ex + ey * ey)));
    double dx = wx - ex * along;
    double dy = wy - ey * along;
    return dx * dx + dy * dy;
  }
}
