package org.segtrain.cli;

import java.io.PrintWriter;
import java.io.Writer;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;

/**
 * Loads the classes that most commands need, for the launcher's archive of classes. It runs
 * commands that start no engine and leave no file.
 */
final class UsualClasses {

  private static final List<List<String>> COMMANDS =
      List.of(
          List.of("--version"),
          List.of("--help"),
          List.of("config", "--backbone", "pvt_tiny", "--dataset", "shapes"),
          List.of("datasets"));

  private UsualClasses() {}

  /** Runs them in silence; ends with the exit code of the first that fails. */
  public static void main(String[] unused) {
    Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT);
    System.exit(load());
  }

  /** The exit code. */
  static int load() {
    for (List<String> words : COMMANDS) {
      String[] arguments = words.toArray(String[]::new);
      CommandLine command = Segtrain.commandLine(arguments);
      command.setOut(new PrintWriter(Writer.nullWriter()));
      int code = Segtrain.run(command, arguments);
      if (code != ExitCode.OK) {
        return code;
      }
    }
    return ExitCode.OK;
  }
}
