package org.segtrain.report;

import java.util.Locale;
import java.util.OptionalDouble;

/** Numbers on pages. */
final class Texts {

  static final String UNKNOWN = "-";

  private static final long MINUTE = 60;
  private static final long HOUR = 60 * MINUTE;
  private static final double MEGA = 1e6;

  private Texts() {}

  /** "0.7341"; "-" of NaN. */
  static String share(double value) {
    return number("%.4f", value);
  }

  /** "12.3 %"; "-" of NaN. */
  static String percent(double value) {
    return number("%.1f %%", 100 * value);
  }

  private static String number(String format, double value) {
    return Double.isNaN(value) ? UNKNOWN : String.format(Locale.ROOT, format, value);
  }

  /** "+0.0123". */
  static String change(double value) {
    return number("%+.4f", value);
  }

  /** "1,200" or "1.2 million". */
  static String pixels(long count) {
    return count < MEGA
        ? String.format(Locale.ROOT, "%,d", count)
        : String.format(Locale.ROOT, "%,.1f million", count / MEGA);
  }

  /** "95 % interval 0.5810 to 0.6220"; empty if it is not known. */
  static String interval(double low, double high) {
    return Double.isNaN(low) ? "" : "95 % interval " + range(low, high);
  }

  /** "0.5810 to 0.6220"; empty if it is not known. */
  static String range(double low, double high) {
    return Double.isNaN(low) ? "" : "%s to %s".formatted(share(low), share(high));
  }

  /** "1,200". */
  static String whole(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /** "3 h 20 min", "4 min 10 s" or "12 s". */
  static String time(double seconds) {
    long whole = Math.round(seconds);
    if (whole < MINUTE) {
      return whole + " s";
    } else if (whole < HOUR) {
      return "%d min %d s".formatted(whole / MINUTE, whole % MINUTE);
    }
    return String.format(Locale.ROOT, "%,d h %d min", whole / HOUR, whole % HOUR / MINUTE);
  }

  /** A whole number; "-" if it is not known. */
  static String rounded(OptionalDouble value, String unit) {
    return value.isEmpty() || value.getAsDouble() <= 0
        ? UNKNOWN
        : String.format(Locale.ROOT, "%,.0f%s", value.getAsDouble(), unit);
  }

  /** With a digit behind the point; "-" if it is not known. */
  static String one(OptionalDouble value, String unit) {
    return value.isEmpty() || value.getAsDouble() <= 0
        ? UNKNOWN
        : String.format(Locale.ROOT, "%,.1f%s", value.getAsDouble(), unit);
  }
}
