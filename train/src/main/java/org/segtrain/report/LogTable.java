package org.segtrain.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.segtrain.checkpoint.RunFolder;
import org.segtrain.errors.DataException;

/**
 * The log of a run as a table: a row for each step, with the figures of an evaluation after it.
 * Cells without a value are empty.
 */
public final class LogTable {

  private static final List<String> STEPS =
      Curves.NUMBERS.stream().map(Curves.Quantity::key).toList();
  private static final List<String> FIGURES = List.copyOf(Evaluated.NAMES.values());

  private final List<String> classes;
  private final Rows rows;
  private final int parts;
  private List<Object> row = List.of();
  private long step = -1;

  /** Takes one row after the other, its head first. */
  @FunctionalInterface
  public interface Rows {
    void add(List<?> row) throws IOException;
  }

  private LogTable(List<String> classes, int parts, Rows rows) {
    this.classes = classes;
    this.parts = parts;
    this.rows = rows;
  }

  /**
   * Reads a run.
   *
   * @param dir its folder
   * @throws DataException if there is none, or its log cannot be read
   * @throws IOException of {@code rows}
   */
  public static void read(Path dir, Rows rows) throws IOException {
    RunContent content = RunContent.read(dir);
    int parts = content.history().parts().size();
    LogTable table = new LogTable(content.classes(), parts, rows);
    rows.add(table.head());
    RunLines.each(RunFolder.resume(dir).log(), table::add);
    table.end();
  }

  private List<String> head() {
    List<String> head = new ArrayList<>(List.of("step"));
    head.addAll(STEPS);
    for (int i = 0; i < parts; i++) {
      head.add("losses/" + i);
    }
    head.addAll(FIGURES);
    head.add("mean_iou_low");
    head.add("mean_iou_high");
    classes.forEach(name -> head.add("iou/" + name));
    return head;
  }

  private void add(JsonNode line) throws IOException {
    if (!line.path("step").isIntegralNumber()) {
      return;
    }
    if (line.path("step").asLong() != step) {
      end();
      step = line.path("step").asLong();
    }
    if (line.path("loss").isNumber()) {
      begin(line);
    } else if (line.has("mean_iou")) {
      evaluated(line);
    }
  }

  private void begin(JsonNode line) {
    row = empty();
    int place = 1;
    for (String key : STEPS) {
      row.set(place++, value(line.path(key)));
    }
    for (int i = 0; i < parts; i++) {
      row.set(place++, value(line.path("losses").path(i)));
    }
  }

  private List<Object> empty() {
    List<Object> empty = new ArrayList<>(Collections.nCopies(head().size(), ""));
    empty.set(0, step);
    return empty;
  }

  private void evaluated(JsonNode line) {
    row = row.isEmpty() ? empty() : row;
    int place = 1 + STEPS.size() + parts;
    for (String key : FIGURES) {
      row.set(place++, value(line.path(key)));
    }
    for (int i = 0; i < 2; i++) {
      row.set(place++, value(line.path("mean_iou_interval").path(i)));
    }
    for (String name : classes) {
      row.set(place++, value(line.path("iou").path(name)));
    }
  }

  private static String value(JsonNode value) {
    return value.isNumber() ? value.asText() : "";
  }

  private void end() throws IOException {
    if (!row.isEmpty()) {
      rows.add(row);
    }
    row = List.of();
  }
}
