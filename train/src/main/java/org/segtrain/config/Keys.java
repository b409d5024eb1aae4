package org.segtrain.config;

import com.fasterxml.jackson.databind.JavaType;
import java.lang.reflect.RecordComponent;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.segtrain.config.internal.Json;
import org.segtrain.errors.UsageException;
import org.segtrain.names.Choice;

/**
 * The keys of a configuration, read off its records: {@code SECTION.COMPONENT}, in their order. So
 * a number has one home, its record component.
 */
final class Keys {

  private static final Map<String, JavaType> TYPES = types();

  private Keys() {}

  /** All of them. */
  static List<String> all() {
    return List.copyOf(TYPES.keySet());
  }

  /** Whether there is a section of that name. */
  static boolean isSection(String name) {
    return TYPES.keySet().stream().anyMatch(key -> key.startsWith(name + "."));
  }

  /** Whether there is such a key. */
  static boolean has(String key) {
    return TYPES.containsKey(key);
  }

  /**
   * The type of a key's value.
   *
   * @throws org.segtrain.errors.UsageException if there is no such key, naming the nearest
   */
  static JavaType type(String key) {
    if (!has(key)) {
      throw unknown(key);
    }
    return TYPES.get(key);
  }

  private static UsageException unknown(String key) {
    String hint =
        meant(key)
            .map("did you mean %s?"::formatted)
            .orElse("docs/configuration.md lists the keys");
    return new UsageException("unknown key \"%s\"; %s".formatted(key, hint));
  }

  /** A key of that name in another section, else the nearest name of that section. */
  private static Optional<String> meant(String key) {
    int dot = key.lastIndexOf('.');
    String name = key.substring(dot + 1);
    String section = key.substring(0, dot + 1); // with its dot; empty if there is none
    List<String> beside =
        all().stream()
            .filter(known -> known.startsWith(section))
            .map(known -> known.substring(section.length()).replaceFirst("\\..*", ""))
            .distinct()
            .toList();
    return find(name)
        .or(() -> new Choice("key", beside).nearest(name).map(section::concat))
        .or(() -> new Choice("key", names()).nearest(name).flatMap(Keys::find));
  }

  /** The key whose component has that name, or had it in version 0.1. */
  private static Optional<String> find(String name) {
    return all().stream()
        .filter(known -> known.endsWith("." + name))
        .findFirst()
        .or(() -> FlatConfig.find(name));
  }

  /** The names of all components. */
  private static List<String> names() {
    return all().stream().map(key -> key.substring(key.indexOf('.') + 1)).distinct().toList();
  }

  private static Map<String, JavaType> types() {
    Map<String, JavaType> types = new LinkedHashMap<>();
    for (RecordComponent section : TrainConfig.class.getRecordComponents()) {
      for (RecordComponent value : section.getType().getRecordComponents()) {
        types.put(section.getName() + "." + value.getName(), Json.type(value.getGenericType()));
      }
    }
    return Collections.unmodifiableMap(types);
  }
}
