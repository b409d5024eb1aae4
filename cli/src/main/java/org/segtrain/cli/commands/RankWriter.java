package org.segtrain.cli.commands;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.Writer;
import org.segtrain.collectives.Host;

/** Lines that begin with the rank of this process: {@code [rank 3 host-b] }. */
final class RankWriter extends FilterWriter {

  private final String prefix;
  private boolean begins = true;

  RankWriter(Writer out, int rank) {
    super(out);
    this.prefix = "[rank %d %s] ".formatted(rank, Host.name());
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
