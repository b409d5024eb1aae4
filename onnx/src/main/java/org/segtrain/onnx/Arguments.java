package org.segtrain.onnx;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.segtrain.engine.internal.Expr;

/** The arguments of one call, and which of them were asked for. */
final class Arguments {

  private static final Expr NONE = new Expr.None();

  /** Those that say where the elements lie, which is no matter of ONNX. */
  private static final Set<String> WITHOUT_MEANING =
      Set.of("memory_format", "device", "pin_memory", "non_blocking", "copy");

  private final List<String> parameters;
  private final List<Expr> placed;
  private final Map<String, Expr> named;
  private final BitSet askedPlaces = new BitSet();
  private final Set<String> askedNames = new HashSet<>(WITHOUT_MEANING);

  Arguments(Operation operation) {
    this.parameters = Signatures.of(operation.name());
    this.placed = new ArrayList<>(operation.arguments());
    this.named = new LinkedHashMap<>(operation.named());
    for (int i = placed.size(); i < parameters.size(); i++) {
      Expr given = named.remove(parameters.get(i));
      placed.add(given == null ? NONE : given);
    }
  }

  /** Argument {@code i}; none where the call has no such. */
  Expr at(int i) {
    askedPlaces.set(i);
    return i < placed.size() ? placed.get(i) : NONE;
  }

  /** The argument with that name, which has no place; none where the call has no such. */
  Expr named(String name) {
    askedNames.add(name);
    return named.getOrDefault(name, NONE);
  }

  /**
   * Checks that the lowering read every argument.
   *
   * @throws Refusal if nobody asked for an argument; it names that
   */
  void requireAllAsked() {
    for (int i = 0; i < placed.size(); i++) {
      if (!askedPlaces.get(i)) {
        requireAbsent(
            i < parameters.size() ? parameters.get(i) : "number " + (i + 1), placed.get(i));
      }
    }
    named.forEach(
        (name, given) -> {
          if (!askedNames.contains(name)) {
            requireAbsent(name, given);
          }
        });
  }

  private static void requireAbsent(String name, Expr given) {
    if (!(given instanceof Expr.None)) {
      throw new Refusal("no nodes are known for its argument " + name);
    }
  }
}
