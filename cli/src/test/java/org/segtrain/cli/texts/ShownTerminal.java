package org.segtrain.cli.texts;

import java.io.PrintWriter;
import java.io.Writer;
import java.util.Arrays;
import java.util.List;
import org.jline.builtins.ScreenTerminal;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

/** A terminal in the memory, in which a command writes. */
final class ShownTerminal {

  private static final int ROWS = 30;

  private final ScreenTerminal terminal;
  private final CommandLine command = new CommandLine(new Any());

  /** What it is the terminal of. */
  @Command(name = "any")
  private static final class Any implements Runnable {
    @Override
    public void run() {}
  }

  ShownTerminal(int columns) {
    this.terminal = new ScreenTerminal(columns, ROWS);
    command.setOut(new PrintWriter(new Keys())).setErr(new PrintWriter(new Keys()));
    Screen.install(command, new Window.Of(columns, true));
  }

  CommandSpec spec() {
    return command.getCommandSpec();
  }

  PrintWriter out() {
    return command.getOut();
  }

  /** The rows that are not empty. */
  synchronized List<String> rows() {
    return terminal
        .toString()
        .lines()
        .map(String::stripTrailing)
        .filter(row -> !row.isEmpty())
        .toList();
  }

  private final class Keys extends Writer {

    @Override
    public void write(char[] letters, int from, int length) {
      String text = new String(Arrays.copyOfRange(letters, from, from + length));
      synchronized (ShownTerminal.this) {
        terminal.write(text.replace("\n", "\r\n")); // as a terminal's driver does
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
