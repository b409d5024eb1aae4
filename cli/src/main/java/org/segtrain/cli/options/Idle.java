package org.segtrain.cli.options;

import java.util.function.BooleanSupplier;
import org.segtrain.errors.UsageException;

/** Options that were given and have no effect, since the option that they need was not given. */
final class Idle {

  private Idle() {}

  /**
   * Refuses an option if it has no effect.
   *
   * @param given its value; null if it was not given
   * @param cause the option that it needs, as people give it
   * @param acts whether it has an effect; asked only of an option that was given
   * @throws UsageException if it has none
   */
  static void refuse(String option, Object given, String cause, BooleanSupplier acts) {
    if (given != null && !acts.getAsBoolean()) {
      throw new UsageException(
          "%s would have no effect without %s; give that too, or leave %s out"
              .formatted(option, cause, option));
    }
  }
}
