package org.segtrain.onnx;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How each operation of PyTorch is written in ONNX, by its name. */
final class Lowerings {

  private static final Map<String, Lowering> ALL =
      Stream.of(
              Elementwise.ROWS,
              Activations.ROWS,
              Divisions.ROWS,
              Comparisons.ROWS,
              Reductions.ROWS,
              Products.ROWS,
              Shapes.ROWS,
              Selections.ROWS,
              Joins.ROWS,
              Fills.ROWS,
              Convolutions.ROWS,
              Norms.ROWS,
              Resizes.ROWS)
          .flatMap(rows -> rows.entrySet().stream())
          .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

  private Lowerings() {}

  /** The names of all that can be written. */
  static Set<String> names() {
    return ALL.keySet();
  }

  /**
   * How {@code operation} is written.
   *
   * @throws Refusal if that is not known
   */
  static Lowering of(String operation) {
    Lowering lowering = ALL.get(operation);
    if (lowering != null) {
      return lowering;
    }
    throw new Refusal("no nodes are known that compute the same");
  }
}
