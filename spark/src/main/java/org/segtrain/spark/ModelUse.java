package org.segtrain.spark;

import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;
import org.segtrain.config.Overlay;
import org.segtrain.errors.UsageException;

/**
 * A model and how executors use it.
 *
 * @param place its file
 * @param values of its configuration that are replaced, as JSON by their keys
 * @param device {@code auto}, {@code cpu} or {@code gpu}
 * @param most models in an executor for each device; 0 for one on each GPU, and on the CPU one for
 *     each task that runs at once
 */
record ModelUse(ModelPlace place, Map<String, String> values, String device, int most)
    implements Serializable {

  ModelUse {
    values = new TreeMap<>(values);
    if (most < 0) {
      throw new UsageException("models must be at least 1, but are " + most);
    }
  }

  Overlay overlay() {
    return Overlay.of("option", values);
  }
}
