package org.segtrain.errors.internal;

import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Texts with names that people gave, as a terminal or a log can show them. */
public final class OneLine {

  /**
   * Characters that move, colour or hide others: Unicode's controls, formats and ends of lines. The
   * two joiners are letters of Persian, of Indic scripts and of emoji.
   */
  private static final Pattern CONTROL =
      Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}&&[^\\u200c\\u200d]]");

  /** The same without line ends and tabs. */
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
        .replaceAll(
            found ->
                found
                    .group()
                    .chars()
                    .mapToObj("\\\\u%04x"::formatted)
                    .collect(Collectors.joining()));
  }
}
