package org.segtrain.data;

import java.util.List;

/**
 * The border of a thing, as the signed distance of a point to it in pixels: negative inside, exact
 * near the border to a fraction of a pixel.
 *
 * <p>One function gives the anti-aliased image (coverage is the distance, clamped) and the crisp
 * label (its sign), so that the two cannot disagree.
 */
sealed interface Outline {

  double distance(double x, double y);

  /** The middle of a circle that holds the outline. */
  Point centre();

  /** The radius of that circle. */
  double reach();

  /** A circle filled. */
  record Disk(Point centre, double reach) implements Outline {
    @Override
    public double distance(double x, double y) {
      return centre.distance(x, y) - reach;
    }
  }

  /** A circle with a hole: of outer radius {@code reach}, {@code width} across the band. */
  record Ring(Point centre, double reach, double width) implements Outline {
    @Override
    public double distance(double x, double y) {
      return Math.abs(centre.distance(x, y) - reach + width / 2) - width / 2;
    }
  }

  /** A lump: a circle whose radius varies with two and three waves per turn. */
  record Lump(Point centre, double radius, double cos2, double sin2, double cos3, double sin3)
      implements Outline {
    @Override
    public double distance(double x, double y) {
      double r = Math.max(centre.distance(x, y), 1e-6);
      double c = (x - centre.x()) / r;
      double s = (y - centre.y()) / r;
      double c2 = c * c - s * s;
      double s2 = 2 * c * s;
      double c3 = c * c2 - s * s2;
      double s3 = s * c2 + c * s2;
      double border = radius * (1 + cos2 * c2 + sin2 * s2 + cos3 * c3 + sin3 * s3);
      double slope = radius * (2 * (sin2 * c2 - cos2 * s2) + 3 * (sin3 * c3 - cos3 * s3)) / border;
      return (r - border) / Math.sqrt(1 + slope * slope);
    }

    @Override
    public double reach() {
      return radius * (1 + Math.abs(cos2) + Math.abs(sin2) + Math.abs(cos3) + Math.abs(sin3));
    }
  }

  /** A polygon, convex or not. */
  record Polygon(Point centre, List<Point> corners) implements Outline {
    @Override
    public double distance(double x, double y) {
      double squared = Double.MAX_VALUE;
      boolean inside = false;
      Point b = corners.get(corners.size() - 1);
      for (Point a : corners) {
        squared = Math.min(squared, Point.squaredDistance(a, b, x, y));
        boolean crosses = a.y() > y != b.y() > y;
        if (crosses && x < a.x() + (y - a.y()) / (b.y() - a.y()) * (b.x() - a.x())) {
          inside = !inside;
        }
        b = a;
      }
      return inside ? -Math.sqrt(squared) : Math.sqrt(squared);
    }

    @Override
    public double reach() {
      return corners.stream().mapToDouble(p -> centre.distance(p.x(), p.y())).max().orElse(0);
    }
  }

  /** A pen stroke through points, {@code width} pixels across. */
  record Stroke(Point centre, List<Point> points, double width) implements Outline {
    @Override
    public double distance(double x, double y) {
      double squared = Double.MAX_VALUE;
      for (int i = 1; i < points.size(); i++) {
        Point from = points.get(i - 1);
        squared = Math.min(squared, Point.squaredDistance(from, points.get(i), x, y));
      }
      return Math.sqrt(squared) - width / 2;
    }

    @Override
    public double reach() {
      double far = points.stream().mapToDouble(p -> centre.distance(p.x(), p.y())).max().orElse(0);
      return far + width;
    }
  }

  /** All below a rolling, tilted line through {@code centre}; the roll is made of parabolas. */
  record Horizon(Point centre, double tilt, double height, double length) implements Outline {
    @Override
    public double distance(double x, double y) {
      double turns = (x - centre.x()) / length;
      double phase = turns - Math.floor(turns);
      double half = phase < 0.5 ? phase : phase - 0.5;
      double sign = phase < 0.5 ? 1 : -1;
      double roll = sign * 16 * half * (0.5 - half); // a wave between -1 and 1
      double slope = tilt + height * sign * (8 - 32 * half) / length;
      double border = centre.y() + tilt * (x - centre.x()) + height * roll;
      return (border - y) / Math.sqrt(1 + slope * slope);
    }

    @Override
    public double reach() {
      return Double.MAX_VALUE;
    }
  }
}
