package org.segtrain.weights;

import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.StreamSupport;

/** The names and shapes of official state dicts, which the other modules' tests hold. */
final class Keys {

  private static final String KEYS = "../%s/src/test/resources/reference/keys/%s.json";

  private Keys() {}

  /** Of a backbone. The reference has no file of windows of 13, whose tables are larger. */
  static Map<String, Shape> backbone(String variant) {
    Map<String, Shape> shapes = read(KEYS.formatted("backbones", variant.replace("_w13", "")));
    if (variant.endsWith("_w13")) {
      shapes.replaceAll(
          (name, shape) -> {
            if (name.endsWith("relative_position_bias_table")) {
              return new Shape(625, shape.get(1));
            }
            return name.endsWith("relative_position_index") ? new Shape(169, 169) : shape;
          });
    }
    return shapes;
  }

  /** Of a whole model, whose head the reference calls {@code pvt_small_semfpn}. */
  static Map<String, Shape> model(String backbone, String head) {
    Map<String, Shape> shapes = prefixed(Names.BACKBONE, backbone(backbone));
    shapes.putAll(
        read(KEYS.formatted("segmentation-heads", "head_%s_%s".formatted(backbone, head))));
    return shapes;
  }

  static Map<String, Shape> prefixed(String prefix, Map<String, Shape> shapes) {
    Map<String, Shape> longer = new LinkedHashMap<>();
    shapes.forEach((name, shape) -> longer.put(prefix + name, shape));
    return longer;
  }

  private static Map<String, Shape> read(String file) {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    try {
      for (JsonNode entry : new ObjectMapper().readTree(Path.of(file).toFile())) {
        long[] sizes =
            StreamSupport.stream(entry.get(1).spliterator(), false)
                .mapToLong(JsonNode::longValue)
                .toArray();
        shapes.put(entry.get(0).textValue(), new Shape(sizes));
      }
      return shapes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
