package org.segtrain.torchscript;

import static java.util.stream.Collectors.joining;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The nested modules that hold the arrays of a block, so that {@code a.b.weight} is parameter
 * {@code weight} of module {@code b} of module {@code a}. Modules that hold the same names share a
 * class.
 */
final class ModuleTree {

  /**
   * An array of a module.
   *
   * @param name in the state dict of the whole, the first if it has several
   * @param learned whether it is a parameter rather than a buffer
   * @param packing how a module in its place packs it; empty for an array as it is
   */
  record Leaf(String name, boolean learned, Optional<Packing> packing) {}

  private final Map<String, Leaf> leaves = new LinkedHashMap<>();
  private final Map<String, ModuleTree> children = new LinkedHashMap<>();
  private String className = "Module"; // until a block is known
  private final Map<String, String> packed = new HashMap<>(); // classes by the names of arrays
  private String type; // the name of the class in the file, once it has one

  /** Adds the array at {@code path}. */
  void add(String path, Leaf leaf) {
    int end = path.lastIndexOf('.');
    module(end < 0 ? "" : path.substring(0, end)).leaves.put(path.substring(end + 1), leaf);
  }

  /** Names the class of the module at {@code path}, if there is one. */
  void name(String path, String simpleName) {
    ModuleTree module = this;
    for (String name : path.split("\\.", -1)) {
      module = module.children.get(name);
      if (module == null) {
        return;
      }
    }
    module.className = simpleName.isEmpty() ? "Module" : simpleName; // that of a nameless class
  }

  private ModuleTree module(String path) {
    ModuleTree module = this;
    if (!path.isEmpty()) {
      for (String name : path.split("\\.", -1)) {
        module = module.children.computeIfAbsent(name, n -> new ModuleTree());
      }
    }
    return module;
  }

  /** Class declarations by class name, children first, and this module's own last. */
  Map<String, String> classes() {
    Map<String, String> classes = new LinkedHashMap<>();
    className = "Model";
    declare(classes, new LinkedHashMap<>());
    return classes;
  }

  private String declare(Map<String, String> classes, Map<String, String> known) {
    StringBuilder body = new StringBuilder();
    body.append("  __parameters__ = [").append(names(Leaf::learned)).append("]\n");
    body.append("  __buffers__ = [").append(names(leaf -> !leaf.learned())).append("]\n");
    body.append("  __annotations__ = []\n");
    leaves.forEach((name, leaf) -> body.append(attribute(name, declare(leaf, classes, known))));
    body.append(attribute("training", "bool"));
    children.forEach(
        (name, child) ->
            body.append(attribute(name, "__torch__." + child.declare(classes, known))));
    type = known.get(className + body);
    if (type == null) {
      type = free(className, classes);
      classes.put(type, body.toString());
      known.put(className + body, type);
    }
    return type;
  }

  private static String free(String name, Map<String, String> classes) {
    String free = name;
    for (int i = 1; classes.containsKey(free); i++) {
      free = name + "_" + i;
    }
    return free;
  }

  /** The type of an array, or of the module that packs it. */
  private String declare(Leaf leaf, Map<String, String> classes, Map<String, String> known) {
    if (leaf.packing().isEmpty()) {
      return "Tensor";
    }
    Packing packing = leaf.packing().get();
    String of =
        known.computeIfAbsent(
            packing.call(),
            call -> {
              String name = free("Packed", classes);
              classes.put(name, packing.body(name));
              return name;
            });
    packed.put(leaf.name(), of);
    return "__torch__." + of;
  }

  private static String attribute(String name, String type) {
    return Code.isIdentifier(name)
        ? "  %s : %s\n".formatted(name, type)
        : "  __annotations__[\"%s\"] = %s\n".formatted(name, type);
  }

  private String names(Predicate<Leaf> which) {
    return leaves.entrySet().stream()
        .filter(entry -> entry.getValue().packing().isEmpty() && which.test(entry.getValue()))
        .map(entry -> "\"%s\", ".formatted(entry.getKey()))
        .collect(joining());
  }

  /** Pickles the modules; the first mention of an array adds it to {@code stored}. */
  void pickle(Pickle pickle, Map<String, Tensor> arrays, Map<String, Integer> stored) {
    pickle.begin("__torch__", type);
    leaves.forEach(
        (name, leaf) -> {
          pickle.string(name);
          if (leaf.packing().isEmpty()) {
            pickle(leaf.name(), leaf.learned(), pickle, arrays, stored);
            return;
          }
          pickle.beginState("__torch__", packed.get(leaf.name()));
          pickle(leaf.name(), false, pickle, arrays, stored);
          if (leaf.packing().get().scale().isPresent()) {
            pickle(Packing.scaleOf(leaf.name()), false, pickle, arrays, stored);
          }
          pickle.bool(false).endState();
        });
    pickle.string("training").bool(false);
    children.forEach(
        (name, child) -> {
          pickle.string(name);
          child.pickle(pickle, arrays, stored);
        });
    pickle.end();
  }

  private static void pickle(
      String name,
      boolean learned,
      Pickle pickle,
      Map<String, Tensor> arrays,
      Map<String, Integer> stored) {
    Integer number = stored.get(name);
    if (number != null) {
      pickle.recall(number);
      return;
    }
    Tensor tensor = arrays.get(name);
    int next = stored.size();
    stored.put(name, next);
    pickle.tensor(tensor.storage(name), "" + next, learned, tensor.array().getShape());
    pickle.remember(next);
  }
}
