package org.segtrain.torchscript;

import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.norm.LayerNorm;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * The parameters of a block under the names that PyTorch's state dict gives them: the names of the
 * children joined by dots, {@code block1.0.attn.q.weight}.
 */
public final class StateDict {

  /** A block that PyTorch's state dict lists some descendants of under a further name. */
  public interface Repeating {

    /** The descendants by their further names, seen from this block; these may contain dots. */
    Map<String, Block> repeats();
  }

  private StateDict() {}

  /** Every parameter and statistic once, in the order in which blocks declare them. */
  public static Map<String, Parameter> of(Block block) {
    Map<String, Parameter> found = new LinkedHashMap<>();
    walk(
        "",
        block,
        (prefix, part) ->
            part.getDirectParameters()
                .forEach(
                    entry -> found.put(prefix + name(part, entry.getValue()), entry.getValue())));
    return Collections.unmodifiableMap(found);
  }

  /**
   * The names under which PyTorch's state dict lists a parameter again because several modules own
   * it, each with the name in {@link #of}.
   */
  public static Map<String, String> repeats(Block block) {
    Map<String, String> names = new HashMap<>();
    of(block).forEach((name, parameter) -> names.put(parameter.getId(), name));
    Map<String, String> found = new LinkedHashMap<>();
    walk(
        "",
        block,
        (prefix, part) -> {
          if (part instanceof Repeating owner) {
            owner
                .repeats()
                .forEach(
                    (again, shared) ->
                        of(shared)
                            .forEach(
                                (name, parameter) ->
                                    found.put(
                                        prefix + again + "." + name,
                                        names.get(parameter.getId()))));
          }
        });
    return Collections.unmodifiableMap(found);
  }

  /** Every block inside {@code block} that has a name of its own. */
  public static Map<String, Block> blocks(Block block) {
    Map<String, Block> found = new LinkedHashMap<>();
    walk(
        "",
        block,
        (prefix, part) -> {
          if (!prefix.isEmpty()) {
            found.putIfAbsent(prefix.substring(0, prefix.length() - 1), part);
          }
        });
    return Collections.unmodifiableMap(found);
  }

  private static void walk(String prefix, Block block, BiConsumer<String, Block> visitor) {
    visitor.accept(prefix, block);
    int index = 0;
    for (var child : block.getChildren()) {
      index++;
      String name = child.getKey().substring("%02d".formatted(index).length());
      walk(name.isEmpty() ? prefix : prefix + name + ".", child.getValue(), visitor);
    }
  }

  private static String name(Block owner, Parameter parameter) {
    if (owner instanceof LayerNorm) {
      return parameter.getType() == Parameter.Type.GAMMA ? "weight" : "bias";
    }
    return parameter.getName();
  }
}
