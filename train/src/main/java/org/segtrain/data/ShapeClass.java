package org.segtrain.data;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * The classes of the shapes data set, in the order of their labels: each has a form or a pattern of
 * its own, none a colour of its own.
 *
 * <p>Large forms grow with the picture; lines and marks stay a few pixels thin at any size.
 */
enum ShapeClass {
  SKY(Pattern.HAZE, 1, 1, 30, 50),
  GROUND(Pattern.GRAIN, 1, 1, 5, 9),
  BLOB(Pattern.CAMOUFLAGE, 1, 2, 5, 9),
  BUILDING(Pattern.WINDOWS, 0, 3, 6, 11),
  DISK(Pattern.PLAIN, 1, 3, 20, 60),
  RING(Pattern.PLAIN, 1, 3, 20, 60),
  TRIANGLE(Pattern.PLAIN, 1, 3, 20, 60),
  STAR(Pattern.PLAIN, 1, 3, 20, 60),
  BOARD(Pattern.CHECKS, 0, 2, 8, 14),
  STRIPES(Pattern.STRIPES, 0, 2, 5, 11),
  LINE(Pattern.PLAIN, 2, 4, 20, 60),
  MARK(Pattern.PLAIN, 4, 9, 20, 60);

  final int fewest;
  final int most;
  private final Pattern pattern;
  private final double finest;
  private final double coarsest;

  ShapeClass(Pattern pattern, int fewest, int most, double finest, double coarsest) {
    this.pattern = pattern;
    this.fewest = fewest;
    this.most = most;
    this.finest = finest;
    this.coarsest = coarsest;
  }

  /** One thing of this class, somewhere in a picture of {@code side} pixels. */
  Thing draw(Dice dice, int side) {
    Point centre = new Point(dice.between(0, side), dice.between(0, side));
    double angle = upright() ? dice.between(-0.12, 0.12) : dice.between(0, 2 * Math.PI);
    Outline outline = outline(dice, side, centre, angle);
    boolean thin = this == LINE || this == MARK || this == SKY;
    return new Thing(ordinal(), outline, surface(dice, angle), !thin && dice.chance(0.35));
  }

  private boolean upright() {
    return this == BUILDING || this == SKY || this == GROUND;
  }

  private Outline outline(Dice dice, int side, Point centre, double angle) {
    double size = side * dice.skewed(0.07, 0.22);
    return switch (this) {
      case SKY -> new Outline.Disk(centre, 2 * side);
      case GROUND -> horizon(dice, side);
      case BLOB -> lump(dice, centre, side * dice.between(0.12, 0.25));
      case BUILDING -> {
        double across = side * dice.between(0.08, 0.18);
        yield box(centre, across, side * dice.between(0.12, 0.3), angle);
      }
      case DISK -> new Outline.Disk(centre, size);
      case RING -> new Outline.Ring(centre, size, Math.max(3, size * dice.between(0.3, 0.5)));
      case TRIANGLE -> star(dice, centre, 1.3 * size, angle, 3, 0.5);
      case STAR -> star(dice, centre, 1.4 * size, angle, 5, 0.4);
      case BOARD, STRIPES -> patch(dice, centre, side * dice.between(0.1, 0.2), angle);
      case LINE -> line(dice, side, centre, angle);
      case MARK -> mark(dice, centre, angle);
    };
  }

  private static Outline horizon(Dice dice, int side) {
    Point centre = new Point(dice.between(0, side), side * dice.between(0.3, 0.7));
    double tilt = dice.between(-0.35, 0.35);
    double length = side * dice.between(0.5, 1.5);
    return new Outline.Horizon(centre, tilt, length * dice.between(0.03, 0.1), length);
  }

  private static Outline lump(Dice dice, Point centre, double radius) {
    double most = 0.18;
    return new Outline.Lump(
        centre,
        radius,
        dice.between(-most, most),
        dice.between(-most, most),
        dice.between(-most, most),
        dice.between(-most, most));
  }

  private static Outline box(Point centre, double across, double down, double angle) {
    Point right = centre.towards(angle, across);
    Point left = centre.towards(angle, -across);
    double upwards = angle + Math.PI / 2;
    return new Outline.Polygon(
        centre,
        List.of(
            right.towards(upwards, down),
            left.towards(upwards, down),
            left.towards(upwards, -down),
            right.towards(upwards, -down)));
  }

  /** {@code tips} corners far out with as many nearer by between; at 3 and 0.5, a triangle. */
  private static Outline star(
      Dice dice, Point centre, double size, double angle, int tips, double waist) {
    double slack = tips == 3 ? 0.25 : 0.05;
    List<Point> corners =
        IntStream.range(0, tips == 3 ? tips : 2 * tips)
            .mapToObj(
                i -> {
                  double turn = 2 * Math.PI * i / (tips == 3 ? tips : 2 * tips);
                  double radius = tips != 3 && i % 2 == 1 ? size * waist : size;
                  return centre.towards(angle + turn + dice.between(-slack, slack), radius);
                })
            .toList();
    return new Outline.Polygon(centre, corners);
  }

  /** A piece of patterned stuff, cut as a box, a disk or a lump: its form says nothing. */
  private static Outline patch(Dice dice, Point centre, double size, double angle) {
    return switch (dice.integer(0, 2)) {
      case 0 -> box(centre, size, size * dice.between(0.6, 1.2), angle);
      case 1 -> new Outline.Disk(centre, size);
      default -> lump(dice, centre, size);
    };
  }

  /** A pole or a hanging wire: 1 to 3 pixels thin, straight or bent. */
  private static Outline line(Dice dice, int side, Point centre, double angle) {
    double half = side * dice.between(0.2, 0.5);
    double bend = dice.chance(0.4) ? 0 : half * dice.between(-0.5, 0.5);
    int pieces = bend == 0 ? 1 : 10;
    List<Point> points =
        IntStream.rangeClosed(0, pieces)
            .mapToObj(
                i -> {
                  double t = 2.0 * i / pieces - 1;
                  Point straight = centre.towards(angle, t * half);
                  return straight.towards(angle + Math.PI / 2, bend * (1 - t * t));
                })
            .toList();
    return new Outline.Stroke(centre, points, dice.between(1, 3));
  }

  /** A dot or a cross, 4 to 8 pixels large. */
  private static Outline mark(Dice dice, Point centre, double angle) {
    double radius = dice.between(2, 4);
    if (dice.chance(0.5)) {
      return new Outline.Disk(centre, radius);
    }
    Point far = centre.towards(angle, radius);
    Point up = centre.towards(angle + Math.PI / 2, radius);
    Point near = centre.towards(angle, -radius);
    Point down = centre.towards(angle + Math.PI / 2, -radius);
    return new Outline.Stroke(centre, List.of(far, near, centre, up, down), 1.5);
  }

  private Thing.Surface surface(Dice dice, double angle) {
    Colour first = dice.colour();
    Colour second = second(dice, first);
    double period = dice.between(finest, coarsest);
    long seed = Double.doubleToLongBits(dice.between(0, 1));
    double cos = StrictMath.cos(angle);
    return new Thing.Surface(pattern, first, second, period, cos, StrictMath.sin(angle), seed);
  }

  /** Crisp patterns need two colours that differ, soft ones two that do not differ much. */
  private Colour second(Dice dice, Colour first) {
    return switch (pattern) {
      case CAMOUFLAGE, WINDOWS, CHECKS, STRIPES -> dice.colourUnlike(first, 90);
      case GRAIN -> first.towards(dice.colourUnlike(first, 150), 0.6);
      case PLAIN, HAZE -> first.towards(dice.colour(), 0.3);
    };
  }

  /** "building". */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
