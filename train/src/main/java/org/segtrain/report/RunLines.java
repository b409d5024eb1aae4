package org.segtrain.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.segtrain.config.internal.Json;
import org.segtrain.errors.DataException;
import org.segtrain.errors.IoReason;

/** The lines of a log, one after the other. */
final class RunLines {

  /** Takes a line. */
  interface Reader {
    void add(JsonNode line) throws IOException;
  }

  private RunLines() {}

  /**
   * Gives each line that is JSON to {@code reader}; a killed process may have left half a line.
   *
   * @throws DataException if the log is there and cannot be read
   * @throws IOException of {@code reader}
   */
  static void each(Path log, Reader reader) throws IOException {
    if (!Files.isRegularFile(log)) {
      return;
    }
    try (BufferedReader lines = open(log)) {
      Optional<String> line = next(log, lines);
      while (line.isPresent()) {
        Optional<JsonNode> parsed = parsed(line.get());
        if (parsed.isPresent()) {
          reader.add(parsed.get());
        }
        line = next(log, lines);
      }
    }
  }

  private static BufferedReader open(Path log) {
    try {
      return new BufferedReader(
          new InputStreamReader(Files.newInputStream(log), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw unreadable(log, e);
    }
  }

  private static Optional<String> next(Path log, BufferedReader lines) {
    try {
      return Optional.ofNullable(lines.readLine());
    } catch (IOException e) {
      throw unreadable(log, e);
    }
  }

  private static DataException unreadable(Path log, IOException e) {
    return new DataException("cannot read %s: %s".formatted(log, IoReason.of(e)), e);
  }

  private static Optional<JsonNode> parsed(String line) {
    try {
      return Optional.of(Json.parse(line));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }
}
