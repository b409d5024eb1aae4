package org.segtrain.backbones;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;

/** What is known of the published models. */
final class Reference {

  private Reference() {}

  /** Channels and parameter counts of a variant. */
  static JsonNode counts(BackboneVariant variant) {
    return read("params.json").path(variant.toString());
  }

  /** The shape of every entry of a variant's state dict, written {@code [64, 3, 4, 4]}. */
  static Map<String, String> state(BackboneVariant variant) {
    Map<String, String> shapes = new TreeMap<>();
    for (JsonNode entry : read("keys/%s.json".formatted(variant))) {
      shapes.put(entry.get(0).textValue(), entry.get(1).toString().replace(",", ", "));
    }
    return shapes;
  }

  private static JsonNode read(String name) {
    try (InputStream in = Reference.class.getResourceAsStream("/reference/" + name)) {
      if (in == null) {
        throw new AssertionError("the tests lack the file reference/" + name);
      }
      return new ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
