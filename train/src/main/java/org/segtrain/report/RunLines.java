package org.segtrain.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.segtrain.config.internal.Json;
import org.segtrain.errors.Counted;
import org.segtrain.errors.DataException;
import org.segtrain.errors.IoReason;
import org.segtrain.errors.internal.OneLine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The lines of a log, one after the other, in memory that does not grow with them. */
final class RunLines implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger("org.segtrain.report");
  private static final int LONGEST = 1 << 22; // letters of a line; thousands of classes have fewer

  private final InputStreamReader in;
  private final char[] some = new char[1 << 16];
  private int from;
  private int to;
  private boolean isWhole; // whether the last line had an end

  /** Takes a line, which is JSON. */
  @FunctionalInterface
  interface Reader {
    void add(JsonNode line) throws IOException;
  }

  private RunLines(Path log) throws IOException {
    in = new InputStreamReader(Files.newInputStream(log), StandardCharsets.UTF_8);
  }

  /**
   * Gives each line that is JSON to {@code reader}, and warns of others. A killed process may have
   * left half a line at the end, which is none.
   *
   * @throws DataException if the log is there and cannot be read
   * @throws IOException of {@code reader}
   */
  static void each(Path log, Reader reader) throws IOException {
    if (!Files.isRegularFile(log)) {
      return;
    }
    long leftOut = 0;
    try (RunLines lines = open(log)) {
      for (Optional<String> line = lines.next(log); line.isPresent(); line = lines.next(log)) {
        Optional<JsonNode> parsed = Json.ofLine(line.get());
        if (parsed.isPresent()) {
          reader.add(parsed.get());
        } else if (lines.isWhole) {
          leftOut++;
        }
      }
    }
    if (leftOut > 0) {
      String what = Counted.of(leftOut, "line");
      LOG.warn(OneLine.of("%s has %s without JSON, left out".formatted(log, what)));
    }
  }

  private static RunLines open(Path log) {
    try {
      return new RunLines(log);
    } catch (IOException e) {
      throw unreadable(log, e);
    }
  }

  /** The next line, empty if it is longer than any of a log. */
  private Optional<String> next(Path log) {
    StringBuilder line = new StringBuilder();
    boolean isAny = false;
    isWhole = false;
    try {
      while (!isWhole && (from < to || fill())) {
        isAny = true;
        int end = from;
        while (end < to && some[end] != '\n') {
          end++;
        }
        if (line.length() <= LONGEST) {
          line.append(some, from, end - from);
        }
        isWhole = end < to;
        from = end + 1;
      }
    } catch (IOException e) {
      throw unreadable(log, e);
    }
    String text = line.length() <= LONGEST ? line.toString() : "";
    return isAny ? Optional.of(text) : Optional.empty();
  }

  private boolean fill() throws IOException {
    from = 0;
    to = Math.max(0, in.read(some));
    return to > 0;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private static DataException unreadable(Path log, IOException e) {
    return new DataException("cannot read %s: %s".formatted(log, IoReason.of(e)), e);
  }
}
