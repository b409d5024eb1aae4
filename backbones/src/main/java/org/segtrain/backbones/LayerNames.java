package org.segtrain.backbones;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The layers of a backbone in the order of the forward pass, the stem first, by what the names of
 * their parameters begin with.
 *
 * <p>Layers at the same depth of branches side by side are one layer here. What stands before the
 * layers of a stage, or beside them, belongs to the first of them; what stands behind them to the
 * last.
 */
public final class LayerNames {

  private final List<List<String>> layers = new ArrayList<>();

  /**
   * Names that begin with a stem.
   *
   * @param prefixes of the names of its parameters; a parameter's whole name, or what stands before
   *     a dot of it
   */
  public LayerNames(String... prefixes) {
    next(prefixes);
  }

  /** Begins another layer. */
  public LayerNames next(String... prefixes) {
    layers.add(new ArrayList<>(List.of(prefixes)));
    return this;
  }

  /** Gives the last layer more parameters. */
  public LayerNames also(String... prefixes) {
    layers.get(layers.size() - 1).addAll(List.of(prefixes));
    return this;
  }

  /** The number of layers. */
  public int count() {
    return layers.size();
  }

  /**
   * The layer of a parameter, 0 for the stem.
   *
   * @param name of the parameter in the state dict of the backbone
   * @throws IllegalArgumentException if it belongs to no layer
   */
  public int of(String name) {
    return IntStream.range(0, layers.size())
        .filter(i -> layers.get(i).stream().anyMatch(prefix -> begins(name, prefix)))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("%s belongs to no layer".formatted(name)));
  }

  private static boolean begins(String name, String prefix) {
    return name.startsWith(prefix)
        && (name.length() == prefix.length() || name.charAt(prefix.length()) == '.');
  }
}
