package org.segtrain.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.segtrain.config.internal.Json;
import org.segtrain.errors.UsageException;

/**
 * A whole configuration, laid together from overlays, and the origin of each of its values.
 *
 * @param config its values
 * @param origins of the values, by key, in the order of the keys
 */
public record Configuration(TrainConfig config, Map<String, String> origins) {

  public Configuration {
    origins = Collections.unmodifiableMap(new LinkedHashMap<>(origins));
  }

  /**
   * Lays each overlay over those before it.
   *
   * @throws UsageException if a value is missing or refused
   */
  public static Configuration of(List<Overlay> layers) {
    ObjectNode tree = Json.object();
    Map<String, String> origins = new LinkedHashMap<>();
    for (String key : Keys.all()) {
      Overlay from =
          layers.stream()
              .filter(layer -> layer.has(key))
              .reduce((lower, higher) -> higher)
              .orElseThrow(() -> new UsageException("%s is missing; give it".formatted(key)));
      put(tree, key, from.values().get(key));
      origins.put(key, from.origin());
    }
    try {
      return new Configuration(Json.read(tree, TrainConfig.class), origins);
    } catch (JsonProcessingException e) {
      throw Json.refusal(e).orElseThrow(() -> new IllegalStateException("checked before", e));
    }
  }

  private static void put(ObjectNode tree, String key, JsonNode value) {
    int dot = key.indexOf('.');
    tree.withObjectProperty(key.substring(0, dot)).set(key.substring(dot + 1), value);
  }

  /** The values by their keys, as people read them. */
  public static Map<String, String> texts(TrainConfig config) {
    Map<String, String> texts = new LinkedHashMap<>();
    Overlay.of("", config).values().forEach((key, value) -> texts.put(key, Values.plain(value)));
    return texts;
  }
}
