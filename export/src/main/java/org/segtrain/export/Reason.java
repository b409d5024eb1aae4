package org.segtrain.export;

import java.nio.file.Path;
import org.segtrain.errors.DataException;

/** Why an engine failed, in one line: PyTorch's messages have a stack trace of C++ behind them. */
final class Reason {

  private static final String ERROR = "(?:[\\w.]*Error|Exception): .+";
  private static final int LONGEST = 300;

  private Reason() {}

  /** The line that names an error, or the first. */
  static String of(Exception e) {
    String message = String.valueOf(e.getMessage());
    String line =
        message
            .lines()
            .map(String::strip)
            .filter(some -> some.matches(ERROR))
            .findFirst()
            .orElseGet(() -> message.lines().findFirst().orElse(message));
    return line.length() > LONGEST
        ? line.substring(0, LONGEST) + " ..."
        : line.replaceFirst("\\.$", "");
  }

  /** The exception to throw where a loaded file fails. */
  static DataException ofRun(Path file, Exception e) {
    return new DataException("%s failed as it ran: %s; export it again".formatted(file, of(e)), e);
  }
}
