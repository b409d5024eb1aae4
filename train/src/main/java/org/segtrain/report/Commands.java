package org.segtrain.report;

import java.nio.file.Path;

/** Commands, as a shell reads them. */
public final class Commands {

  private static final String NAME = "segtrain.command";

  private Commands() {}

  /**
   * A command as the user called it: {@code ./segtrain} in a checkout. The launcher says so in the
   * property {@code segtrain.command}.
   *
   * @param words behind its name
   */
  public static String of(String words) {
    return "%s %s".formatted(quoted(System.getProperty(NAME, "segtrain")), words);
  }

  /** A path as an argument. */
  public static String quoted(Path path) {
    return quoted(path.toString());
  }

  private static String quoted(String text) {
    return text.matches("[\\w./:+@=-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
