package org.segtrain.cli.texts;

import java.io.PrintWriter;
import java.io.Writer;
import org.segtrain.errors.internal.OneLine;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The one place that writes to the user's terminal: lines, which stay, and one below them, which
 * changes. Control characters in names are written out.
 */
public final class Screen {

  private static final String ERASE = "\r\033[K";

  private final PrintWriter out;
  private final PrintWriter err;
  private final Window window;
  private String bottom = ""; // the line that changes; empty if there is none

  private Screen(PrintWriter out, PrintWriter err, Window window) {
    this.out = out;
    this.err = err;
    this.window = window;
  }

  /** Takes over the output of {@code command} and its subcommands. */
  public static void install(CommandLine command, Window window) {
    Screen screen = new Screen(command.getOut(), command.getErr(), window);
    command.setOut(screen.new LineWriter(screen.out)).setErr(screen.new LineWriter(screen.err));
  }

  /**
   * The screen that a command writes to.
   *
   * @throws IllegalStateException if none is installed
   */
  public static Screen of(CommandSpec command) {
    if (command.commandLine().getErr() instanceof LineWriter writer) {
      return writer.screen();
    }
    throw new IllegalStateException("no screen is installed for " + command.qualifiedName());
  }

  /** Whether a person sees what changes at the bottom. */
  public boolean isWatched() {
    return window.isWatched();
  }

  /** Columns of the terminal now. */
  int width() {
    return window.width();
  }

  /** Whether it shows more than ASCII. */
  boolean hasBlocks() {
    return window.hasBlocks();
  }

  /** Writes a line for those who follow the work, and not its results: to the error stream. */
  public synchronized void say(String line) {
    put(err, Printable.of(line) + System.lineSeparator());
  }

  /** Shows a line below all others in the place of the one before; an empty one removes it. */
  synchronized void show(String line) {
    if (!line.isEmpty() || !bottom.isEmpty()) {
      bottom = Printable.of(line);
      err.print(ERASE + bottom);
      err.flush();
    }
  }

  private void put(PrintWriter to, String lines) {
    if (!bottom.isEmpty()) {
      err.print(ERASE);
      err.flush(); // before the other stream writes
    }
    to.print(lines);
    to.flush();
    if (!bottom.isEmpty()) {
      err.print(bottom);
      err.flush();
    }
  }

  /** A writer whose lines appear whole, above the one at the bottom. */
  private final class LineWriter extends PrintWriter {

    LineWriter(PrintWriter to) {
      super(new Lines(to), true);
    }

    Screen screen() {
      return Screen.this;
    }
  }

  private final class Lines extends Writer {

    private final PrintWriter to;
    private final StringBuilder begun = new StringBuilder(); // a line without its end

    Lines(PrintWriter to) {
      this.to = to;
    }

    @Override
    public void write(char[] letters, int from, int length) {
      synchronized (Screen.this) {
        begun.append(letters, from, length);
        int end = begun.lastIndexOf("\n") + 1;
        if (end > 0) {
          pass(end);
        }
      }
    }

    private void pass(int end) {
      put(to, OneLine.each(begun.substring(0, end)));
      begun.delete(0, end);
    }

    @Override
    public void flush() {
      synchronized (Screen.this) {
        if (begun.length() > 0 && bottom.isEmpty()) {
          pass(begun.length());
        }
        to.flush();
      }
    }

    @Override
    public void close() {
      flush();
    }
  }
}
