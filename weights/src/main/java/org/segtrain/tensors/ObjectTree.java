package org.segtrain.tensors;

import ai.djl.ndarray.types.Shape;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.segtrain.errors.Counted;

/**
 * Gives what a pickle held the names of {@link TensorFile}: tensors become those of the file, other
 * leaves text.
 */
final class ObjectTree {

  private static final int DEEPEST = 100;
  private static final long MOST_REPEATED = 1 << 20; // numbers of a tensor that repeats some

  private final FileBytes file;
  private final Allowance allowance;
  private final ByteOrder order;
  private final Map<String, Extent> storages;
  private final Map<String, StoredTensor> tensors;
  private final Map<String, String> metadata;
  private final List<Pickled.Opaque> opaques = new ArrayList<>();

  /**
   * Collects into two maps.
   *
   * @param allowance what the file may ask for
   * @param storages where those of the pickle lie, by their keys
   */
  ObjectTree(
      FileBytes file,
      Allowance allowance,
      ByteOrder order,
      Map<String, Extent> storages,
      Map<String, StoredTensor> tensors,
      Map<String, String> metadata) {
    this.file = file;
    this.allowance = allowance;
    this.order = order;
    this.storages = storages;
    this.tensors = tensors;
    this.metadata = metadata;
  }

  /** Collects {@code value}, all of whose names start with {@code name}. */
  void collect(String name, Object value) {
    collect(name, value, 0);
  }

  private void collect(String name, Object value, int depth) {
    allowance.leaf(name);
    if (depth > DEEPEST) {
      throw Allowance.tooMuch();
    }
    if (value instanceof Pickled.Tensor tensor) {
      String given = name.isEmpty() ? "tensor" : name;
      if (tensors.put(given, stored(given, tensor)) != null) {
        throw new PickleException("has two tensors " + given);
      }
    } else if (value instanceof Map<?, ?> map) {
      map.forEach((key, item) -> collect(join(name, "/", key), item, depth + 1));
    } else if (value instanceof Pickled.Instance instance) {
      instance.attributes.forEach(
          (key, item) -> collect(join(name, instance.separator, key), item, depth + 1));
    } else if (value instanceof Pickled.Tuple tuple) {
      collect(name, tuple.items, depth);
    } else if (value instanceof List<?> list) {
      for (int i = 0; i < list.size(); i++) {
        collect(join(name, "/", i), list.get(i), depth + 1);
      }
    } else if (value instanceof Pickled.Name python) {
      putText(name, python.name());
    } else if (value instanceof Pickled.Opaque opaque) {
      putText(name, opaque.name + ", an object of Python, which is not read");
      opaques.add(opaque);
    } else if (value instanceof String || value instanceof Number || value instanceof Boolean) {
      putText(name, value.toString());
    }
  }

  private void putText(String name, String text) {
    allowance.text(text.length());
    metadata.put(name, text);
  }

  /**
   * Refuses a file whose weights may be in objects that are not read: it has no tensors where state
   * dicts lie, and such an object has some.
   */
  void refuseHidden(Globals globals) {
    if (tensors.isEmpty()) {
      globals.refuseEmpty();
    }
    boolean isUsual =
        tensors.keySet().stream()
            .anyMatch(
                name ->
                    name.startsWith("state_dict/")
                        || name.startsWith("model/")
                        || name.indexOf('/') < 0);
    if (!isUsual) {
      opaques.stream()
          .filter(ObjectTree::holdsTensors)
          .findFirst()
          .ifPresent(
              opaque -> {
                throw globals.refusal(opaque.name);
              });
    }
  }

  /** Whether a tensor is anywhere in it; each container is looked into once. */
  private static boolean holdsTensors(Pickled.Opaque opaque) {
    Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Object> left = new ArrayDeque<>(List.of(opaque));
    while (!left.isEmpty()) {
      Object value = left.pop();
      if (value instanceof Pickled.Tensor) {
        return true;
      } else if (seen.add(value)) {
        inside(value).stream().filter(Objects::nonNull).forEach(left::push);
      }
    }
    return false;
  }

  private static Collection<?> inside(Object value) {
    if (value instanceof Pickled.Opaque opaque) {
      return opaque.held;
    } else if (value instanceof Map<?, ?> map) {
      return map.values();
    } else if (value instanceof Pickled.Instance instance) {
      return instance.attributes.values();
    } else if (value instanceof Pickled.Tuple tuple) {
      return tuple.items;
    }
    return value instanceof List<?> list ? list : List.of();
  }

  private static String join(String name, String separator, Object key) {
    String last = key instanceof String || key instanceof Number ? key.toString() : "?";
    return name.isEmpty() ? last : name + separator + last;
  }

  private StoredTensor stored(String name, Pickled.Tensor tensor) {
    Extent extent = storages.get(tensor.storage().key());
    if (extent == null) {
      throw file.broken("the numbers of its %s are missing".formatted(name));
    }
    long size = tensor.type().bytes();
    boolean shaped = tensor.sizes().size() == tensor.strides().size();
    if (!shaped || MemorySpans.bytes(tensor.sizes(), tensor.type()) < 0) {
      throw file.broken("its %s has an impossible shape".formatted(name));
    }
    TensorInfo info = new TensorInfo(tensor.type(), new Shape(tensor.sizes()));
    long span = MemorySpans.span(tensor.sizes(), tensor.strides());
    long first = tensor.storage().offset() + tensor.offset();
    long available = extent.length() / size;
    if (tensor.storage().offset() < 0
        || tensor.offset() < 0
        || first < 0
        || span < 0
        || first > available - span) {
      throw file.broken(
          "its %s lies outside of the %s that are stored"
              .formatted(name, Counted.of(available, "number")));
    }
    if (info.shape().size() > Math.max(available, MOST_REPEATED)) {
      throw file.broken(
          "its %s repeats a few numbers %d times".formatted(name, info.shape().size()));
    }
    allowance.tensor(info.shape().size() * size);
    return new StoredTensor(info, extent.position() + first * size, tensor.strides(), order);
  }
}
