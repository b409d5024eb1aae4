package org.segtrain.data;

import java.nio.file.Path;
import java.text.Normalizer;

/**
 * Names as people read them. Unicode writes é as one character (NFC) or as two (NFD, which macOS
 * and some archivers write), so a file and its mask may look the same and differ.
 */
final class Spelling {

  private Spelling() {}

  /** The one spelling that names are compared in. */
  static String of(String name) {
    for (int i = 0; i < name.length(); i++) {
      if (name.charAt(i) > '~') {
        return Normalizer.normalize(name, Normalizer.Form.NFC);
      }
    }
    return name; // the usual case, and fast for a hundred thousand of them
  }

  /** Says that two files are there where one is meant. */
  static String twins(Path one, Path other) {
    boolean alike = of(one.toString()).equals(of(other.toString()));
    return alike
        ? "%s is there twice, its letters composed (NFC) and decomposed (NFD)".formatted(one)
        : "%s and %s have the same base name".formatted(one, other);
  }
}
