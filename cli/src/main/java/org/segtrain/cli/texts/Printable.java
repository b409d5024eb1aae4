package org.segtrain.cli.texts;

import org.segtrain.errors.internal.OneLine;

/** Names that people gave, as a terminal can show them. */
public final class Printable {

  private Printable() {}

  /** With {@code \\u001b} for a control character, also one that ends a line. */
  public static String of(String text) {
    return OneLine.of(text);
  }
}
