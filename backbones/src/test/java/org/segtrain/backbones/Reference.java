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

  /** Windows that the reference has no numbers for: only positions within windows differ. */
  private static final String WIDE_WINDOWS = "_w13";

  private static final long POSITIONS = 13 * 2 - 1;

  /** The numbers of channels of a variant's maps. */
  static String channels(BackboneVariant variant) {
    return counts(variant).path("channels").toString();
  }

  /** The number of learned parameters of a variant. */
  static long parameters(BackboneVariant variant) {
    long parameters = counts(variant).path("dense_backbone").longValue();
    if (variant.toString().endsWith(WIDE_WINDOWS)) {
      for (JsonNode entry : read("keys/%s.json".formatted(published(variant)))) {
        if (isTable(entry)) {
          long heads = entry.get(1).get(1).longValue();
          parameters += (POSITIONS * POSITIONS - entry.get(1).get(0).longValue()) * heads;
        }
      }
    }
    return parameters;
  }

  private static JsonNode counts(BackboneVariant variant) {
    return read("params.json").path(published(variant));
  }

  /** The variant whose numbers there are. */
  private static String published(BackboneVariant variant) {
    return variant.toString().replace(WIDE_WINDOWS, "");
  }

  private static boolean isTable(JsonNode entry) {
    return entry.get(0).textValue().endsWith("relative_position_bias_table");
  }

  /** The shape of every entry of a variant's state dict, written {@code [64, 3, 4, 4]}. */
  static Map<String, String> state(BackboneVariant variant) {
    Map<String, String> shapes = new TreeMap<>();
    for (JsonNode entry : read("keys/%s.json".formatted(published(variant)))) {
      shapes.put(entry.get(0).textValue(), entry.get(1).toString().replace(",", ", "));
    }
    if (variant.toString().endsWith(WIDE_WINDOWS)) {
      shapes.replaceAll(
          (name, shape) -> shape.replace("[169, ", "[625, ").replace("[49, 49]", "[169, 169]"));
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
