package org.segtrain.cli.commands;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** Lines that begin with the rank of this process: {@code [rank 3 host-b] }. */
final class RankWriter extends FilterWriter {

  private final String prefix;
  private boolean begins = true;

  RankWriter(Writer out, int rank) {
    super(out);
    this.prefix = "[rank %d %s] ".formatted(rank, host());
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }

  @Override
  public void write(int letter) throws IOException {
    if (begins) {
      out.write(prefix);
    }
    out.write(letter);
    begins = letter == '\n';
  }

  @Override
  public void write(char[] letters, int from, int count) throws IOException {
    for (int i = from; i < from + count; i++) {
      write(letters[i]);
    }
  }

  @Override
  public void write(String text, int from, int count) throws IOException {
    write(text.toCharArray(), from, count);
  }
}
