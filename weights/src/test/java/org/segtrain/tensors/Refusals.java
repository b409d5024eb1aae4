package org.segtrain.tensors;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.function.Executable;
import org.segtrain.errors.DataException;

/** A bad file must be answered with one sentence that says what is wrong. */
final class Refusals {

  private Refusals() {}

  /** Runs {@code action}, which must be refused in a sentence with all of {@code parts}. */
  static void assertRefused(Executable action, String... parts) {
    String message = assertThrows(DataException.class, action).getMessage();
    for (String part : parts) {
      assertTrue(message.contains(part), message);
    }
    assertFalse(message.contains("\n") || message.contains("Exception"), message);
  }
}
