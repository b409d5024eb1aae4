package org.segtrain.heads;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;
import org.segtrain.backbones.BackboneVariant;

/** What is known of the published models, all of 150 classes. */
final class Reference {

  static final int CLASSES = 150;

  /** Heads that the reference calls otherwise. */
  private static final Map<String, String> NAMES = Map.of("fpn", "semfpn");

  private Reference() {}

  /** The number of parameters of each part of a model with that head, and of all. */
  static JsonNode counts(BackboneVariant backbone, HeadVariant head) {
    return read("params.json").path(backbone.toString()).path("heads").path(name(head));
  }

  /** The shape of every entry of the state dict beside the backbone's, written {@code [64, 3]}. */
  static Map<String, String> state(BackboneVariant backbone, HeadVariant head) {
    Map<String, String> shapes = new TreeMap<>();
    for (JsonNode entry : read("keys/head_%s_%s.json".formatted(backbone, name(head)))) {
      shapes.put(entry.get(0).textValue(), entry.get(1).toString().replace(",", ", "));
    }
    return shapes;
  }

  private static String name(HeadVariant head) {
    return NAMES.getOrDefault(head.toString(), head.toString());
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
