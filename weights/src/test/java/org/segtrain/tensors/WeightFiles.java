package org.segtrain.tensors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The files of {@code tools/make_weight_files.py}, and what is in them. */
final class WeightFiles {

  private static final JsonNode EXPECTED = expected();

  private WeightFiles() {}

  static Path path(String name) {
    try {
      return Path.of(WeightFiles.class.getResource("/files/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Those that must be read. */
  static Stream<String> read() {
    return named(file -> file.has("tensors"));
  }

  /** Those that must be refused. */
  static Stream<String> refused() {
    return named(file -> file.has("refused"));
  }

  static JsonNode expected(String name) {
    return EXPECTED.get(name);
  }

  private static Stream<String> named(Predicate<JsonNode> wanted) {
    return EXPECTED.properties().stream()
        .filter(file -> wanted.test(file.getValue()))
        .map(Map.Entry::getKey);
  }

  private static JsonNode expected() {
    try {
      return new ObjectMapper().readTree(Files.readAllBytes(path("expected.json")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
