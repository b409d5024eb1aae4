package org.segtrain.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** What a command came to: its exit code and what it wrote. */
public record Outcome(int code, String out, String err) {

  /** Runs {@code segtrain} with the arguments, inside this JVM. */
  public static Outcome of(Object... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] words = new String[arguments.length];
    for (int i = 0; i < words.length; i++) {
      words[i] = arguments[i].toString();
    }
    CommandLine command = Segtrain.commandLine(words);
    command.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    command.setUsageHelpAutoWidth(false).setUsageHelpWidth(100);
    return new Outcome(Segtrain.run(command, words), out.toString(), err.toString());
  }

  /** The first line of the error stream. */
  public String sentence() {
    return err.lines().findFirst().orElse("");
  }
}
