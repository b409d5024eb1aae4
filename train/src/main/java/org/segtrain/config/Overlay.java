package org.segtrain.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.segtrain.config.internal.Json;
import org.segtrain.errors.UsageException;

/**
 * Some values of a configuration by their keys, such as {@code schedule.batch}, and who says so.
 * Defaults, recipes, files and options are all overlays; {@link Configuration} lays one over
 * another.
 */
public final class Overlay {

  private final String origin;
  private final Map<String, JsonNode> values;

  private Overlay(String origin, Map<String, JsonNode> values) {
    this.origin = origin;
    this.values = values;
  }

  /**
   * An overlay without values.
   *
   * @param origin who says so, as people read it: "data set shapes"
   */
  public static Overlay of(String origin) {
    return new Overlay(origin, Map.of());
  }

  /** Every value of {@code config}. */
  public static Overlay of(String origin, TrainConfig config) {
    return ConfigFile.overlay(origin, Json.tree(config));
  }

  /**
   * Values that another process has as {@link #texts()}.
   *
   * @throws org.segtrain.errors.UsageException if there is no such key, or a value is refused
   */
  public static Overlay of(String origin, Map<String, String> texts) {
    Overlay overlay = of(origin);
    for (Map.Entry<String, String> text : texts.entrySet()) {
      try {
        overlay = overlay.with(text.getKey(), Json.parse(text.getValue()));
      } catch (JsonProcessingException e) {
        throw new UsageException("%s is no JSON: %s".formatted(text.getKey(), text.getValue()), e);
      }
    }
    return overlay;
  }

  /** Every value of one section. */
  static Overlay of(String origin, String section, Object values) {
    Overlay overlay = of(origin);
    for (Map.Entry<String, JsonNode> entry : Json.tree(values).properties()) {
      overlay = overlay.with(section + "." + entry.getKey(), entry.getValue());
    }
    return overlay;
  }

  /**
   * The same with another value.
   *
   * @param value of the type of the record component, or a text that it is written as
   * @throws org.segtrain.errors.UsageException if there is no such key, naming the nearest, or the
   *     value is of another type
   */
  public Overlay with(String key, Object value) {
    Map<String, JsonNode> more = new LinkedHashMap<>(values);
    more.put(key, Values.checked(Objects.requireNonNull(key, "key"), tree(key, value)));
    return new Overlay(origin, more);
  }

  private static JsonNode tree(String key, Object value) {
    try {
      return Json.tree(value instanceof Path path ? path.toString() : value);
    } catch (IllegalArgumentException e) { // Jackson's, of what has no JSON
      throw new UsageException(
          "%s cannot be a value of the Java class %s"
              .formatted(key, value.getClass().getSimpleName()),
          e);
    }
  }

  /** The same with the values of {@code other} over its own. */
  public Overlay with(Overlay other) {
    Map<String, JsonNode> more = new LinkedHashMap<>(values);
    more.putAll(other.values);
    return new Overlay(origin, more);
  }

  /** Of its values those of {@code keys}. */
  public Overlay only(String... keys) {
    Map<String, JsonNode> some = new LinkedHashMap<>(values);
    some.keySet().retainAll(Set.of(keys));
    return new Overlay(origin, some);
  }

  /** Of its values those of one section. */
  Overlay section(String section) {
    Map<String, JsonNode> some = new LinkedHashMap<>(values);
    some.keySet().removeIf(key -> !key.startsWith(section + "."));
    return new Overlay(origin, some);
  }

  /**
   * The record of one section, all of whose values it has.
   *
   * @throws org.segtrain.errors.UsageException if they do not fit together
   */
  <T> T section(String section, Class<T> type) {
    ObjectNode tree = Json.object();
    section(section)
        .values
        .forEach((key, value) -> tree.set(key.substring(section.length() + 1), value));
    try {
      return Json.read(tree, type);
    } catch (JsonProcessingException e) {
      throw Json.refusal(e).orElseThrow(() -> new IllegalStateException("checked before", e));
    }
  }

  /** The same values, said by another. */
  public Overlay from(String other) {
    return new Overlay(other, values);
  }

  /** Who says so. */
  public String origin() {
    return origin;
  }

  /** Whether there is a value of that key. */
  public boolean has(String key) {
    return values.containsKey(key);
  }

  /** The value as text, if there is one. */
  public Optional<String> text(String key) {
    return Optional.ofNullable(values.get(key)).map(JsonNode::asText);
  }

  /** Its values as JSON by their keys, for another process. */
  public Map<String, String> texts() {
    Map<String, String> texts = new LinkedHashMap<>();
    values.forEach((key, value) -> texts.put(key, value.toString()));
    return texts;
  }

  Map<String, JsonNode> values() {
    return Collections.unmodifiableMap(values);
  }
}
