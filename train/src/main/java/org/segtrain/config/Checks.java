package org.segtrain.config;

import org.segtrain.errors.UsageException;

/** What numbers of a configuration must be; they are named by their keys. */
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

  /** A positive number that is not infinite. */
  static void finite(String key, double value) {
    positive(key, value);
    if (Double.isInfinite(value)) {
      throw new UsageException("%s must be finite, but is %s".formatted(key, value));
    }
  }
}
