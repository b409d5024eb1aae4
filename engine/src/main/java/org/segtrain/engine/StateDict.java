package org.segtrain.engine;

import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.norm.LayerNorm;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

/**
 * The parameters of a block under the names that PyTorch's state dict gives them: the names of the
 * children joined by dots, {@code block1.0.attn.q.weight}. If children of a block share a name, as
 * two {@code Linear} of DJL's {@code SequentialBlock}, all its children are numbered from 0, as in
 * PyTorch's {@code Sequential}.
 */
public final class StateDict {

  /** A block that PyTorch's state dict lists some descendants of under a further name. */
  public interface Repeating {

    /** The descendants by their further names, seen from this block; these may contain dots. */
    Map<String, Block> repeats();
  }

  private StateDict() {}

  /**
   * Every parameter and statistic once, in the order in which blocks declare them.
   *
   * @throws IllegalArgumentException if two have the same name
   */
  public static Map<String, Parameter> of(Block block) {
    Map<String, Parameter> found = new LinkedHashMap<>();
    walk(
        "",
        block,
        (prefix, part) -> {
          for (Parameter parameter : part.getDirectParameters().values()) {
            put(found, prefix + name(part, parameter), parameter);
          }
        });
    return Collections.unmodifiableMap(found);
  }

  private static void put(Map<String, Parameter> found, String name, Parameter parameter) {
    Parameter other = found.put(name, parameter);
    if (other != null && other != parameter) {
      throw new IllegalArgumentException(
          "two parameters are called %s; give one of the blocks that have them another name"
              .formatted(name));
    }
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
    List<String> names = children(block);
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      Block child = block.getChildren().valueAt(i);
      walk(name.isEmpty() ? prefix : prefix + name + ".", child, visitor);
    }
  }

  /** The names of the children; what has none is a part of its parent. */
  private static List<String> children(Block block) {
    List<String> names = new ArrayList<>();
    for (String key : block.getChildren().keys()) {
      names.add(key.substring("%02d".formatted(names.size() + 1).length())); // DJL's number
    }
    return areDistinct(names, block)
        ? names
        : IntStream.range(0, names.size()).mapToObj(String::valueOf).toList();
  }

  /** Whether no two children of one name have parameters of one name. */
  private static boolean areDistinct(List<String> names, Block block) {
    if (names.size() == Set.copyOf(names).size()) {
      return true;
    }
    Set<String> found = new HashSet<>();
    for (int i = 0; i < names.size(); i++) {
      for (String parameter : of(block.getChildren().valueAt(i)).keySet()) {
        if (!found.add(names.get(i) + "." + parameter)) {
          return false;
        }
      }
    }
    return true;
  }

  private static String name(Block owner, Parameter parameter) {
    if (owner instanceof LayerNorm) {
      return parameter.getType() == Parameter.Type.GAMMA ? "weight" : "bias";
    }
    return parameter.getName();
  }
}
