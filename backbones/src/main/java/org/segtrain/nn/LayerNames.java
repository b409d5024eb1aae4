package org.segtrain.nn;

import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.segtrain.engine.StateDict;
import org.segtrain.nn.ComposedBlock.Child;
import org.segtrain.nn.ComposedBlock.Role;

/**
 * The layers of a network and their parameters in the order of the forward pass, the stem first.
 * Blocks declare them by {@link ComposedBlock#layer}, {@link ComposedBlock#branch} and {@link
 * ComposedBlock#stem}.
 *
 * <p>Layers at the same depth of branches side by side are one layer here. A block before layers,
 * or beside them, belongs to the first of them; a block behind them to the last. A network that
 * declares no layer is a stem.
 */
public final class LayerNames {

  private static final int STEM = 0;

  private final boolean hasStem;
  private final int count;
  private final Map<String, Integer> byId = new HashMap<>(); // of a parameter
  private final Map<String, Integer> byName = new HashMap<>();

  private LayerNames(ComposedBlock network) {
    this.hasStem = network.declared().stream().anyMatch(child -> child.role() == Role.STEM);
    this.count = 1 + depth(network);
    number(network, 1, count);
    StateDict.of(network)
        .forEach((name, parameter) -> byName.put(name, byId.get(parameter.getId())));
  }

  /** Those of {@code network}. */
  public static LayerNames of(ComposedBlock network) {
    return new LayerNames(network);
  }

  /** The number of layers. */
  public int count() {
    return count;
  }

  /**
   * The layer of a parameter, 0 for the stem.
   *
   * @param name of the parameter in the state dict of the network
   * @throws IllegalArgumentException if the network has no such parameter
   */
  public int of(String name) {
    Integer layer = byName.get(name);
    if (layer == null) {
      throw new IllegalArgumentException("%s belongs to no layer".formatted(name));
    }
    return layer;
  }

  /** The children of {@code block} one after the other, branches that stand together as one. */
  private static List<List<Child>> steps(ComposedBlock block) {
    List<List<Child>> steps = new ArrayList<>();
    boolean beside = false;
    for (Child child : block.declared()) {
      boolean branch = child.role() == Role.BRANCH;
      if (!beside || !branch) {
        steps.add(new ArrayList<>());
      }
      steps.get(steps.size() - 1).add(child);
      beside = branch;
    }
    return steps;
  }

  /** The number of layers inside a block that stand one behind the other. */
  private static int depth(Block block) {
    return block instanceof ComposedBlock composed
        ? steps(composed).stream().mapToInt(LayerNames::depth).sum()
        : 0;
  }

  private static int depth(List<Child> step) {
    return step.stream().mapToInt(LayerNames::depth).max().orElse(0);
  }

  /** The number of layers of a child that stand one behind the other. */
  static int depth(Child child) {
    return child.role() == Role.LAYER ? 1 : depth(child.block());
  }

  /**
   * Numbers what is inside {@code block}.
   *
   * @param first the number of its first layer
   * @param end of the layers that it and its neighbours have, exclusive
   */
  private void number(ComposedBlock block, int first, int end) {
    block.getDirectParameters().values().forEach(own -> put(own, before(first)));
    int layer = first;
    int behind = first + depth(block);
    for (List<Child> step : steps(block)) {
      int next = layer + depth(step);
      for (Child child : step) {
        if (depth(child) > 0 && child.role() != Role.LAYER) {
          number((ComposedBlock) child.block(), layer, next);
        } else {
          putAll(child.block(), layer < behind ? place(child, layer) : end - 1);
        }
      }
      layer = next;
    }
  }

  /** The layer of a child without further layers inside, if {@code next} is the next one. */
  private int place(Child child, int next) {
    return switch (child.role()) {
      case STEM -> STEM;
      case LAYER, BRANCH -> next;
      case PART -> before(next);
    };
  }

  private int before(int layer) {
    return layer == 1 && !hasStem ? STEM : layer;
  }

  private void putAll(Block block, int layer) {
    StateDict.of(block).values().forEach(parameter -> put(parameter, layer));
  }

  private void put(Parameter parameter, int layer) {
    byId.put(parameter.getId(), layer);
  }
}
