package org.segtrain.cli.options;

import java.util.Locale;
import org.segtrain.names.Choice;

/** The outcome of files that cannot be read. */
public enum OnError {
  /** A failed command. */
  FAIL,
  /** A count. */
  SKIP;

  /** The one of that name; {@code FAIL} if it is null. */
  public static OnError of(String name) {
    return name == null ? FAIL : Choice.of("on-error", values(), name);
  }

  /** "skip". */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
