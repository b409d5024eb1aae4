package org.segtrain.data;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Random outlines; sizes are in pixels, angles in radians. */
final class Outlines {

  private Outlines() {}

  static Outline horizon(Dice dice, int side) {
    Point centre = new Point(dice.between(0, side), side * dice.between(0.3, 0.7));
    double tilt = dice.between(-0.35, 0.35);
    double length = side * dice.between(0.5, 1.5);
    return new Outline.Horizon(centre, tilt, length * dice.between(0.03, 0.1), length);
  }

  static Outline lump(Dice dice, Point centre, double radius) {
    double most = 0.18;
    return new Outline.Lump(
        centre,
        radius,
        dice.between(-most, most),
        dice.between(-most, most),
        dice.between(-most, most),
        dice.between(-most, most));
  }

  /** An upright wall: taller than wide as a rule, and leaning a little. */
  static Outline building(Dice dice, int side, Point centre) {
    double across = side * dice.between(0.08, 0.18);
    return box(centre, across, side * dice.between(0.12, 0.3), dice.between(-0.12, 0.12));
  }

  private static Outline box(Point centre, double across, double down, double angle) {
    Point right = centre.towards(angle, across);
    Point left = centre.towards(angle, -across);
    double turned = angle + Math.PI / 2;
    return new Outline.Polygon(
        centre,
        List.of(
            right.towards(turned, down),
            left.towards(turned, down),
            left.towards(turned, -down),
            right.towards(turned, -down)));
  }

  static Outline triangle(Dice dice, Point centre, double size, double angle) {
    List<Point> corners = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      double turn = i * 2 * Math.PI / 3 + dice.between(-0.25, 0.25);
      corners.add(centre.towards(angle + turn, size));
    }
    return new Outline.Polygon(centre, corners);
  }

  /** Five points. */
  static Outline star(Point centre, double size, double angle) {
    List<Point> corners = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      corners.add(centre.towards(angle + i * Math.PI / 5, i % 2 == 0 ? size : 0.4 * size));
    }
    return new Outline.Polygon(centre, corners);
  }

  /** A piece of patterned stuff, cut as a box, a disk or a lump: its form says nothing. */
  static Outline patch(Dice dice, Point centre, double size, double angle) {
    return switch (dice.integer(0, 2)) {
      case 0 -> box(centre, size, size * dice.between(0.6, 1.2), angle);
      case 1 -> new Outline.Disk(centre, size);
      default -> lump(dice, centre, size);
    };
  }

  /** A pole or a hanging wire: 1 to 3 pixels thin, straight or bent. */
  static Outline line(Dice dice, int side, Point centre, double angle) {
    double half = side * dice.between(0.2, 0.5);
    boolean straight = dice.chance(0.4);
    double bend = straight ? 0 : half * dice.between(-0.5, 0.5);
    int pieces = straight ? 1 : 10;
    List<Point> points =
        IntStream.rangeClosed(0, pieces)
            .mapToDouble(i -> 2.0 * i / pieces - 1)
            .mapToObj(
                t ->
                    centre
                        .towards(angle, t * half)
                        .towards(angle + Math.PI / 2, bend * (1 - t * t)))
            .toList();
    return new Outline.Stroke(centre, points, dice.between(1, 3));
  }

  /** A dot or a cross, 4 to 8 pixels large. */
  static Outline mark(Dice dice, Point centre, double angle) {
    double radius = dice.between(2, 4);
    if (dice.chance(0.5)) {
      return new Outline.Disk(centre, radius);
    }
    Point far = centre.towards(angle, radius);
    Point near = centre.towards(angle, -radius);
    Point up = centre.towards(angle + Math.PI / 2, radius);
    Point down = centre.towards(angle + Math.PI / 2, -radius);
    return new Outline.Stroke(centre, List.of(far, near, centre, up, down), 1.5);
  }
}
