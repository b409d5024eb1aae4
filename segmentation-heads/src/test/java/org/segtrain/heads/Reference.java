package org.segtrain.heads;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What is known of the published models, all of 150 classes. */
final class Reference {

  static final int CLASSES = 150;

  /** Heads that the reference calls otherwise. */
  private static final Map<String, String> NAMES =
      Map.of("fpn", "semfpn", "segformer_768", "segformer768");

  private Reference() {}

  /** The names of the backbones, whether or not this build has them. */
  static List<String> backbones() {
    List<String> names = new ArrayList<>();
    read("params.json").fieldNames().forEachRemaining(names::add);
    return names;
  }

  /** The channels of the maps of a backbone, finest first. */
  static List<Integer> channels(String backbone) {
    List<Integer> channels = new ArrayList<>();
    read("params.json").path(backbone).path("channels").forEach(one -> channels.add(one.asInt()));
    return channels;
  }

  /** The number of parameters of each part beside the backbone; empty if it is not known. */
  static Map<String, Long> counts(String backbone, HeadVariant head) {
    JsonNode heads = read("params.json").path(backbone).path("heads").path(name(head));
    Map<String, Long> counts = new TreeMap<>();
    (heads.has("parts") ? heads.get("parts") : heads)
        .properties()
        .forEach(part -> counts.put(part.getKey(), part.getValue().longValue()));
    counts.remove("total_with_backbone");
    counts.values().removeIf(count -> count == 0); // parts that only compute
    return counts;
  }

  /** The shape of every entry of the state dict beside the backbone's, written {@code [64, 3]}. */
  static Map<String, String> state(String backbone, HeadVariant head) {
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
