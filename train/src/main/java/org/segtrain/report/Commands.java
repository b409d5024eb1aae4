package org.segtrain.report;

import java.nio.file.Path;

/** Commands, as a shell reads them. */
final class Commands {

  private Commands() {}

  /** A path as an argument. */
  static String quoted(Path path) {
    String text = path.toString();
    return text.matches("[\\w./:+@=-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
