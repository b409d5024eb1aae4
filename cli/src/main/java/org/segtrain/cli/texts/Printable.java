package org.segtrain.cli.texts;

import java.util.regex.Pattern;

/** Names that people gave, as a terminal can show them. */
final class Printable {

  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

  private Printable() {}

  /** With {@code \\u001b} for a control character. */
  static String of(String text) {
    return CONTROL
        .matcher(text)
        .replaceAll(found -> "\\\\u%04x".formatted((int) found.group().charAt(0)));
  }
}
