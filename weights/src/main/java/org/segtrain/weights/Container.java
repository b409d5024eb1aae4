package org.segtrain.weights;

import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.segtrain.errors.DataException;

/**
 * The part of a file that is the state dict of a model.
 *
 * @param prefix what stands before the names of the state dict in the file: {@code
 *     state_dict/module.}; empty for the whole file
 * @param shapes of its arrays by their names in the state dict
 * @param others the other parts of the file, which are left alone
 */
record Container(String prefix, Map<String, Shape> shapes, Set<String> others) {

  private static final int DEEPEST = 10; // parts in each other
  private static final int MOST_NAMED = 10;

  /** Where state dicts usually lie, in the order in which they are looked for. */
  private static final List<String> USUAL = List.of("state_dict", "model");

  /** Weights averaged over training; taken where there are no others. */
  private static final Set<String> AVERAGED =
      Set.of("state_dict_ema", "model_ema", "ema", "average"); // the last by segtrain

  /** Other parts that training frameworks save, segtrain among them. */
  private static final Set<String> NO_WEIGHTS =
      Set.of(
          "optimizer",
          "optimizers",
          "optimizer_states",
          "lr_scheduler",
          "lr_schedulers",
          "scheduler",
          "scaler",
          "loss_scaler",
          "amp",
          "args",
          "meta",
          "constants"); // of TorchScript

  /** Prefixes of a whole model: by segtrain, DataParallel, Lightning, torch.compile. */
  private static final List<String> WRAPPERS = List.of("model.", "module.", "_orig_mod.");

  /**
   * Finds it: the part that is asked for, else the first of {@code state_dict}, {@code model}, the
   * arrays in no part, and the only part that may be one. Prefixes of the whole model, such as
   * {@code module.}, are stripped.
   *
   * @param arrays all that the file has, named as by {@link org.segtrain.tensors.TensorFile}
   * @param asked the name of a part, or null
   * @throws DataException if there is none
   */
  static Container of(Path file, Map<String, Shape> arrays, String asked) {
    if (asked == null) {
      return within("", arrays, file);
    }
    return part(asked, "", arrays, file)
        .orElseThrow(
            () ->
                new DataException(
                    "%s has no part \"%s\", but %s".formatted(file, asked, list(parts(arrays)))));
  }

  private static Container within(String prefix, Map<String, Shape> arrays, Path file) {
    refuseIfDeep(prefix, file);
    for (String usual : USUAL) {
      Map<String, Shape> inside = inside(arrays, usual + "/");
      if (!inside.isEmpty()) {
        return part(usual, prefix, arrays, file).orElseThrow();
      }
    }
    Map<String, Shape> top = new LinkedHashMap<>(arrays);
    top.keySet().removeIf(name -> name.contains("/") || isApart(part(name)));
    if (!top.isEmpty()) {
      Set<String> apart = parts(arrays);
      apart.removeAll(parts(top));
      return unwrapped(prefix, top, file).beside(apart);
    }
    List<String> candidates = new ArrayList<>(parts(arrays));
    candidates.removeIf(NO_WEIGHTS::contains);
    if (candidates.size() != 1) {
      throw new DataException(
          "%s has no part that is clearly a model%s; choose another file, or a part that is one"
              .formatted(file, arrays.isEmpty() ? "" : " among " + list(parts(arrays))));
    }
    return part(candidates.get(0), prefix, arrays, file).orElseThrow();
  }

  /** The content of the part of that name, if there is one. */
  private static Optional<Container> part(
      String name, String prefix, Map<String, Shape> arrays, Path file) {
    for (String own : List.of(name + "/", name + ".")) {
      Map<String, Shape> inside = inside(arrays, own);
      if (!inside.isEmpty()) {
        Map<String, Shape> outside = new LinkedHashMap<>(arrays);
        outside.keySet().removeIf(other -> other.startsWith(own));
        return Optional.of(within(prefix + own, inside, file).beside(parts(outside)));
      }
    }
    return Optional.empty();
  }

  private static Container unwrapped(String prefix, Map<String, Shape> shapes, Path file) {
    for (String wrapper : WRAPPERS) {
      if (shapes.keySet().stream().allMatch(name -> name.startsWith(wrapper))) {
        refuseIfDeep(prefix, file);
        return unwrapped(prefix + wrapper, inside(shapes, wrapper), file);
      }
    }
    return new Container(prefix, shapes, Set.of());
  }

  private static void refuseIfDeep(String prefix, Path file) {
    if (prefix.chars().filter(letter -> letter == '/' || letter == '.').count() > DEEPEST) {
      throw new DataException(
          "%s has more than %d parts in each other; choose another file".formatted(file, DEEPEST));
    }
  }

  private static boolean isApart(String part) {
    return NO_WEIGHTS.contains(part) || AVERAGED.contains(part);
  }

  private Container beside(Set<String> more) {
    Set<String> all = new TreeSet<>(others);
    all.addAll(more);
    return new Container(prefix, shapes, all);
  }

  /** The name of the part for people, {@code state_dict/module}; empty for the whole file. */
  String path() {
    return prefix.isEmpty() ? "" : prefix.substring(0, prefix.length() - 1);
  }

  /** Its name in messages: "state_dict of weights.pth". */
  String in(Path file) {
    return prefix.isEmpty() ? file.toString() : "%s of %s".formatted(path(), file);
  }

  private static Map<String, Shape> inside(Map<String, Shape> arrays, String prefix) {
    Map<String, Shape> inside = new LinkedHashMap<>();
    arrays.forEach(
        (name, shape) -> {
          if (name.startsWith(prefix)) {
            inside.put(name.substring(prefix.length()), shape);
          }
        });
    return inside;
  }

  private static Set<String> parts(Map<String, Shape> arrays) {
    Set<String> parts = new TreeSet<>();
    arrays.keySet().forEach(name -> parts.add(part(name)));
    return parts;
  }

  /** Up to the first slash or else dot. */
  private static String part(String name) {
    int end = name.indexOf('/') < 0 ? name.indexOf('.') : name.indexOf('/');
    return end < 0 ? name : name.substring(0, end);
  }

  /** Some of them, and how many there are. */
  static String list(Collection<String> parts) {
    String some = parts.stream().limit(MOST_NAMED).collect(Collectors.joining(", "));
    return parts.size() > MOST_NAMED ? "%s, ... (%d in all)".formatted(some, parts.size()) : some;
  }
}
