package org.segtrain.cli.texts;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import org.segtrain.errors.internal.OneLine;

/** Names that people gave, as a terminal can show them. */
public final class Printable {

  private Printable() {}

  /** With {@code \\u001b} for a control character, also one that ends a line. */
  public static String of(String text) {
    return OneLine.of(text);
  }

  /** A writer to {@code out} of lines in which names may be. */
  public static PrintWriter lines(PrintWriter out) {
    return new PrintWriter(new Lines(out), true);
  }

  private static final class Lines extends FilterWriter {

    Lines(Writer out) {
      super(out);
    }

    @Override
    public void write(int letter) throws IOException {
      out.write(OneLine.each(String.valueOf((char) letter)));
    }

    @Override
    public void write(char[] letters, int from, int length) throws IOException {
      write(new String(letters, from, length), 0, length);
    }

    @Override
    public void write(String text, int from, int length) throws IOException {
      out.write(OneLine.each(text.substring(from, from + length)));
    }
  }
}
