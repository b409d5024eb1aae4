package org.segtrain.cli.options;

import java.util.function.BooleanSupplier;
import org.segtrain.errors.UsageException;

/** Options that were given and have no effect, since what they belong to was not given. */
final class Idle {

  private Idle() {}

  /**
   * Refuses an option if it has no effect.
   *
   * @param given its value; null if it was not given
   * @param cause what it has an effect with, as people give it
   * @param acts whether that is so; asked only of an option that was given
   * @throws UsageException if it is not
   */
  static void refuse(String option, Object given, String cause, BooleanSupplier acts) {
    if (given != null && !acts.getAsBoolean()) {
      throw new UsageException(
          "%s would have no effect without %s; give that too, or leave %s out"
              .formatted(option, cause, option));
    }
  }
}
