package org.segtrain.cli.options;

import java.util.LinkedHashMap;
import java.util.Map;
import org.segtrain.config.Overlay;

/** Values of a configuration that options gave, by key. */
final class GivenValues {

  private final Map<String, Object> values = new LinkedHashMap<>();

  /** Notes a value. Ignores null, the value of an option that is not given. */
  GivenValues set(String key, Object value) {
    if (value != null) {
      values.put(key, value);
    }
    return this;
  }

  /**
   * The given values.
   *
   * @throws org.segtrain.errors.UsageException if a value is refused
   */
  Overlay overlay() {
    Overlay overlay = Overlay.of("option");
    for (Map.Entry<String, Object> value : values.entrySet()) {
      overlay = overlay.with(value.getKey(), value.getValue());
    }
    return overlay;
  }
}
