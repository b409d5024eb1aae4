package org.segtrain.data;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.function.Executable;
import org.segtrain.errors.DataException;
import org.segtrain.errors.UsageException;

/** Bad data must be answered with one sentence that says what is wrong. */
public final class Refusals {

  private Refusals() {}

  /** Runs {@code action}, which must be refused in a sentence with all of {@code parts}. */
  public static void assertRefused(Executable action, String... parts) {
    assertSentence(assertThrows(DataException.class, action), parts);
  }

  /** The same of wrong usage. */
  public static void assertUsage(Executable action, String... parts) {
    assertSentence(assertThrows(UsageException.class, action), parts);
  }

  private static void assertSentence(RuntimeException refused, String... parts) {
    String message = refused.getMessage();
    for (String part : parts) {
      assertTrue(message.contains(part), message);
    }
    assertFalse(message.contains("\n") || message.contains("Exception"), message);
  }
}
