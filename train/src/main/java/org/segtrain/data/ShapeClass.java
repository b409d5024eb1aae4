package org.segtrain.data;

import java.util.Locale;

/**
 * The classes of the shapes data set, in the order of their labels. Each has a form or a pattern of
 * its own, and a hue that it leans to, as things in photographs do. Neighbours in this list
 * overlap, and a quarter of all things are of any colour: colour is a hint, never proof.
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

  private final Pattern pattern;
  private final int fewest;
  private final int most;
  private final double finest;
  private final double coarsest;

  /**
   * A period of {@code finest} to {@code coarsest} pixels; {@code fewest} to {@code most} in a
   * scene.
   */
  ShapeClass(Pattern pattern, int fewest, int most, double finest, double coarsest) {
    this.pattern = pattern;
    this.fewest = fewest;
    this.most = most;
    this.finest = finest;
    this.coarsest = coarsest;
  }

  /** How many there are in a scene. */
  int count(Dice dice) {
    return dice.integer(fewest, most);
  }

  /** One thing of this class, somewhere in a picture of {@code side} pixels. */
  @SuppressWarnings("EnumOrdinal") // the order of the constants is that of the labels
  Thing draw(Dice dice, int side) {
    Point centre = new Point(dice.between(0, side), dice.between(0, side));
    double angle = dice.between(0, 2 * Math.PI);
    Outline outline = outline(dice, side, centre, angle);
    boolean borderless = this == SKY || this == LINE || this == MARK;
    boolean bordered = !borderless && dice.chance(0.35);
    return new Thing(ordinal(), outline, surface(dice, upright() ? 0 : angle), bordered);
  }

  private boolean upright() {
    return this == SKY || this == GROUND || this == BUILDING;
  }

  private Outline outline(Dice dice, int side, Point centre, double angle) {
    double size = side * dice.skewed(0.07, 0.22);
    return switch (this) {
      case SKY -> new Outline.Disk(centre, 2 * side); // the whole picture
      case GROUND -> Outlines.horizon(dice, side);
      case BLOB -> Outlines.lump(dice, centre, side * dice.between(0.12, 0.25));
      case BUILDING -> Outlines.building(dice, side, centre);
      case DISK -> new Outline.Disk(centre, size);
      case RING -> new Outline.Ring(centre, size, Math.max(3, size * dice.between(0.3, 0.5)));
      case TRIANGLE -> Outlines.triangle(dice, centre, 1.3 * size, angle);
      case STAR -> Outlines.star(centre, 1.4 * size, angle);
      case BOARD, STRIPES -> Outlines.patch(dice, centre, side * dice.between(0.1, 0.2), angle);
      case LINE -> Outlines.line(dice, side, centre, angle);
      case MARK -> Outlines.mark(dice, centre, angle);
    };
  }

  private Thing.Surface surface(Dice dice, double angle) {
    Colour first = dice.colourAround(hue());
    Colour second = second(dice, first);
    double period = dice.between(finest, coarsest);
    long seed = Double.doubleToLongBits(dice.between(0, 1));
    double cos = StrictMath.cos(angle);
    return new Thing.Surface(pattern, first, second, period, cos, StrictMath.sin(angle), seed);
  }

  /** In degrees: sky is blue, and the others follow round the circle. */
  @SuppressWarnings("EnumOrdinal") // neighbours are meant to be alike
  private double hue() {
    return 210 + ordinal() * 360.0 / values().length;
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
