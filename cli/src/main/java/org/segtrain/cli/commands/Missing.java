package org.segtrain.cli.commands;

import java.nio.file.Files;
import java.nio.file.Path;
import org.segtrain.errors.DataException;

/** Files and folders of the command line that are not there. */
final class Missing {

  private static final String UNDECODED = "\uFFFD"; // in the place of what is no UTF-8

  private Missing() {}

  /**
   * Refuses a path that leads nowhere.
   *
   * @throws DataException if there is nothing, or its name cannot be decoded
   */
  static void refuse(Path path) {
    if (Files.exists(path)) {
      return;
    }
    throw new DataException(
        path.toString().contains(UNDECODED)
            ? "cannot read %s: its name cannot be decoded in this locale; rename it".formatted(path)
            : "cannot read %s: there is no such file or folder".formatted(path));
  }
}
