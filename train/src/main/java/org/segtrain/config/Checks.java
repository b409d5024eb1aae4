package org.segtrain.config;

import org.segtrain.errors.UsageException;

/** Bounds of numbers of a configuration, which are named by their keys. */
final class Checks {

  private Checks() {}

  static void atLeast(String key, int value, int least) {
    if (value < least) {
      throw new UsageException("%s must be at least %d, but is %d".formatted(key, least, value));
    }
  }

  static void within(String key, int value, int least, int most) {
    if (value < least || value > most) {
      throw new UsageException(
          "%s must be from %d to %d, but is %d".formatted(key, least, most, value));
    }
  }

  static void within(String key, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new UsageException(
          "%s must be from %s to %s, but is %s".formatted(key, plain(least), plain(most), value));
    }
  }

  /** Above 0. */
  static void upTo(String key, double value, double most) {
    if (!(value > 0 && value <= most)) {
      throw new UsageException(
          "%s must be above 0 and at most %s, but is %s".formatted(key, plain(most), value));
    }
  }

  /** "100" rather than "100.0". */
  private static String plain(double number) {
    return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
  }

  /** From 0, and below 1. */
  static void share(String key, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new UsageException(
          "%s must be at least 0 and below 1, but is %s".formatted(key, value));
    }
  }

  static void positive(String key, double value) {
    if (!(value > 0)) {
      throw new UsageException("%s must be above 0, but is %s".formatted(key, value));
    }
  }
}
