package org.segtrain.errors.internal;

import java.util.regex.Pattern;

/** Texts with names that people gave, as a terminal or a log can show them. */
public final class OneLine {

  /** What moves, colours or hides other letters. */
  private static final Pattern CONTROL =
      Pattern.compile("[\\p{Cntrl}\\x80-\\x9f\\u2028-\\u202e\\u2066-\\u2069]");

  /** The same, but for what ends a line or parts its columns. */
  private static final Pattern CONTROL_IN_LINE =
      Pattern.compile(
          "[%s&&[^%s\\t]]"
              .formatted(CONTROL, System.lineSeparator().equals("\n") ? "\\n" : "\\r\\n"));

  private OneLine() {}

  /** With {@code \\u001b} for a control character, also one that ends a line. */
  public static String of(String text) {
    return escaped(CONTROL, text);
  }

  /** The same of a text of lines. */
  public static String each(String lines) {
    return escaped(CONTROL_IN_LINE, lines);
  }

  private static String escaped(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .replaceAll(found -> "\\\\u%04x".formatted((int) found.group().charAt(0)));
  }
}
