package org.segtrain.page.internal;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Round numbers along an axis: multiples of 1, 2 or 5 times a power of ten.
 *
 * @param low where the axis begins, at most the first of them
 * @param high where it ends
 * @param step between two
 */
record Ticks(double low, double high, double step) {

  private static final int LONGEST = 6; // digits before a number is written with an exponent

  /**
   * The ticks of an axis.
   *
   * @param most how many at most, of 3 and more
   */
  static Ticks of(double low, double high, int most) {
    double width = high > low ? high - low : Math.max(Math.abs(low), 1e-9);
    return by(step(width / (most - 1)), low, high);
  }

  /** The ticks of an axis that has whole numbers alone. */
  static Ticks whole(double low, double high, int most) {
    return by(Math.max(1, step((high - low) / (most - 1))), low, high);
  }

  private static Ticks by(double step, double low, double high) {
    double first = Math.floor(low / step + 1e-9) * step;
    double last = Math.ceil(Math.max(high, low) / step - 1e-9) * step;
    return new Ticks(first, last > first ? last : first + step, step);
  }

  /** The smallest round number that is not below {@code least}. */
  private static double step(double least) {
    double power = Math.pow(10, Math.floor(Math.log10(least)));
    for (int factor : new int[] {1, 2, 5}) {
      if (factor * power >= least * (1 - 1e-9)) {
        return factor * power;
      }
    }
    return 10 * power;
  }

  /** All of them, from the lowest. */
  List<Double> places() {
    List<Double> places = new ArrayList<>();
    for (long i = Math.round(low / step); i * step <= high + step / 2; i++) {
      places.add(i * step);
    }
    return places;
  }

  /** "0.25", "1,500" or "2e-5". */
  String text(double place) {
    if (Math.abs(place) < step / 2) {
      return "0";
    }
    BigDecimal exact =
        BigDecimal.valueOf(Math.round(place / step)).multiply(rounded(step)).stripTrailingZeros();
    if (exact.scale() > LONGEST - 2 || exact.precision() - exact.scale() > LONGEST + 1) {
      return exact.unscaledValue() + "e" + -exact.scale();
    }
    return exact.scale() <= 0
        ? String.format(Locale.ROOT, "%,d", exact.longValueExact())
        : exact.toPlainString();
  }

  private static BigDecimal rounded(double step) {
    return new BigDecimal(step).round(new MathContext(1));
  }
}
