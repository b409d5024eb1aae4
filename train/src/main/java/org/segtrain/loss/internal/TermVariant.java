package org.segtrain.loss.internal;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The terms that a loss is a sum of, by name. A row has the formula of a term, and its numbers. */
enum TermVariant {
  /** Cross-entropy. */
  CE(Kind.SMOOTHED, (term, pixels) -> pixels::crossEntropy),

  /** Cross-entropy of {@link HardPixels}. */
  OHEM(
      Kind.HARD,
      (term, pixels) -> pixels::crossEntropy,
      Per.BATCH,
      Argument.between("probability", 0.9, 0, 1),
      Argument.whole("kept", 100_000, 0)),

  /** {@link PixelLosses#focal}. */
  FOCAL(
      Kind.PLAIN,
      (term, pixels) -> (x, labels) -> pixels.focal(x.large(), labels, term.number("gamma")),
      Argument.between("gamma", 2, 0, 100)),

  /** {@link PixelLosses#boundary}. */
  BOUNDARY(
      Kind.SMOOTHED,
      (term, pixels) ->
          (x, labels) ->
              pixels.boundary(x.large(), labels, term.number("factor"), (int) term.number("width")),
      Argument.between("factor", 5, 0, 1000),
      Argument.whole("width", 3, 1)),

  /** {@link RegionLosses#dice}. */
  DICE(
      Kind.REGION,
      (term, pixels) ->
          (x, labels) ->
              RegionLosses.dice(x.large(), labels, term.number("exponent"), term.number("smooth")),
      Per.IMAGE,
      Argument.between("exponent", 2, 1, 100),
      Argument.SMOOTH),

  /** {@link RegionLosses#tversky}. */
  TVERSKY(
      Kind.REGION,
      (term, pixels) ->
          (x, labels) ->
              RegionLosses.tversky(
                  x.large(),
                  labels,
                  term.number("alpha"),
                  term.number("beta"),
                  term.number("smooth")),
      Per.IMAGE,
      Argument.between("alpha", 0.3, 0, 100),
      Argument.between("beta", 0.7, 0, 100),
      Argument.SMOOTH),

  /** {@link RegionLosses#lovasz}. */
  LOVASZ(
      Kind.REGION,
      (term, pixels) -> (x, labels) -> RegionLosses.lovasz(x.large(), labels),
      Per.IMAGE);

  /** The value of the formula. */
  enum Kind {
    /** A sum over pixels. */
    PLAIN,
    /** A sum over pixels whose targets may be smoothed. */
    SMOOTHED,
    /** The same over hard pixels. */
    HARD,
    /** One value of all pixels. */
    REGION;

    /** Whether the weight of a pixel depends on how many the step has. */
    boolean countsPixels() {
      return this == PLAIN || this == SMOOTHED;
    }

    boolean smooths() {
      return this == SMOOTHED || this == HARD;
    }
  }

  /** The formula of a term. */
  interface Maker {
    Formula of(LossTerm term, PixelLosses pixels);
  }

  /**
   * A number in the brackets of a term.
   *
   * @param standard what it is if it is not given
   */
  record Argument(String name, double standard, double least, double most, boolean whole) {

    private static final Argument SMOOTH = between("smooth", 1, 1e-6, 1e6);

    private static Argument between(String name, double standard, double least, double most) {
      return new Argument(name, standard, least, most, false);
    }

    private static Argument whole(String name, int standard, int least) {
      return new Argument(name, standard, least, Integer.MAX_VALUE, true);
    }

    boolean allows(double value) {
      return value >= least && value <= most && (!whole || value == Math.rint(value));
    }

    /** "a whole number from 0 to 10". */
    String range() {
      return "%s from %s to %s"
          .formatted(whole ? "a whole number" : "a number", plain(least), plain(most));
    }

    private static String plain(double number) {
      return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
    }
  }

  private final Kind kind;
  private final Maker maker;
  private final Optional<Per> per;
  private final List<Argument> arguments;

  TermVariant(Kind kind, Maker maker, Argument... arguments) {
    this(kind, maker, Optional.empty(), arguments);
  }

  TermVariant(Kind kind, Maker maker, Per per, Argument... arguments) {
    this(kind, maker, Optional.of(per), arguments);
  }

  TermVariant(Kind kind, Maker maker, Optional<Per> per, Argument... arguments) {
    this.kind = kind;
    this.maker = maker;
    this.per = per;
    this.arguments = List.of(arguments);
  }

  Kind kind() {
    return kind;
  }

  Maker maker() {
    return maker;
  }

  /** The images that it is computed of by default; empty if that makes no difference. */
  Optional<Per> per() {
    return per;
  }

  /** Its numbers. */
  List<Argument> arguments() {
    return arguments;
  }

  /** The name at every border, {@code ce}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
