package org.segtrain.cli.texts;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Rows under a heading, as columns on a terminal or as Markdown. */
public final class Table {

  /** Columns are not made wider for one long name: a table would need more than all its names. */
  private static final int WIDEST = 200;

  private final List<List<String>> rows = new ArrayList<>();

  public Table(String... heading) {
    add(heading);
  }

  /** Adds a row, in which control characters are visible and move nothing. */
  public void add(String... row) {
    rows.add(Arrays.stream(row).map(Printable::of).toList());
  }

  /** Columns, two spaces between them. */
  public String text() {
    int[] widths =
        IntStream.range(0, rows.get(0).size())
            .map(c -> rows.stream().mapToInt(row -> row.get(c).length()).max().orElse(0))
            .map(widest -> Math.min(widest, WIDEST))
            .toArray();
    return rows.stream().map(row -> padded(row, widths)).collect(Collectors.joining());
  }

  /** A Markdown table. */
  public String markdown() {
    List<List<String>> lines = new ArrayList<>(rows);
    lines.add(1, Collections.nCopies(rows.get(0).size(), "---"));
    return lines.stream()
        .map(row -> "| %s |%n".formatted(String.join(" | ", row)))
        .collect(Collectors.joining());
  }

  private static String padded(List<String> row, int[] widths) {
    return IntStream.range(0, widths.length)
            .mapToObj(c -> row.get(c) + " ".repeat(Math.max(0, widths[c] - row.get(c).length())))
            .collect(Collectors.joining("  "))
            .stripTrailing()
        + System.lineSeparator();
  }
}
