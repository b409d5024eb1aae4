package org.segtrain.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.segtrain.optim.ParameterGroups;

/** The form of version 0.1: one object of 27 values without sections. */
final class FlatConfig {

  /** Values that older files of this form lack. */
  static final Overlay ADDED_SINCE =
      Overlay.of("")
          .with("data.images", "aligned")
          .with("schedule.power", 0.9)
          .with("loss.mean", "valid")
          .with("optimizer.groups", ParameterGroups.STANDARD);

  private static final Map<String, String> KEYS = keys();

  private FlatConfig() {}

  /** Whether {@code tree} is of that form. */
  static boolean is(JsonNode tree) {
    return tree.has("backbone");
  }

  /** Whether that form has a value of that name. */
  static boolean has(String name) {
    return KEYS.containsKey(name);
  }

  /** The key of a value of that name, if that form has one. */
  static Optional<String> find(String name) {
    return Optional.ofNullable(KEYS.get(name));
  }

  /** The key of a value of that name, or the name itself. */
  static String key(String name) {
    return KEYS.getOrDefault(name, name);
  }

  private static Map<String, String> keys() {
    Map<String, String> keys = new LinkedHashMap<>();
    keys.put("data", "data.path");
    keys.put("lossMean", "loss.mean");
    for (String key : Keys.all()) {
      if (!key.matches("(augmentation|files|evaluation|weights|fineTuning)\\..*")) {
        keys.putIfAbsent(key.substring(key.indexOf('.') + 1), key);
      }
    }
    return keys;
  }
}
