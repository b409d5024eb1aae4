package org.segtrain.errors;

import org.segtrain.errors.internal.OneLine;

/** Shortens sentences that quote a file, which may be long and have many lines. */
final class Brief {

  private static final int LONGEST = 1900; // characters
  private static final int END = 400; // of them, where it says what to do

  private Brief() {}

  /** One line, and of a long sentence only the beginning and the end. */
  static String of(String text) {
    String sentence = OneLine.of(text);
    return sentence.length() <= LONGEST
        ? sentence
        : "%s ... %s"
            .formatted(
                sentence.substring(0, LONGEST - END), sentence.substring(sentence.length() - END));
  }
}
