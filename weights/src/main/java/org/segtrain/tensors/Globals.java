package org.segtrain.tensors;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.segtrain.errors.DataException;

/**
 * The names of Python that a pickle may use, and what they make here. There is no other way from a
 * name in a file to anything that is done.
 */
final class Globals {

  private final FileBytes file;
  private final boolean script;
  private final Constructors constructors;
  private final Map<String, Pickled.Storage> storages = new LinkedHashMap<>();

  /**
   * Those of a file.
   *
   * @param script whether it is a TorchScript archive, whose modules are taken by their attributes
   */
  Globals(FileBytes file, boolean script) {
    this.file = file;
    this.script = script;
    this.constructors = new Constructors(script);
  }

  /** The storages that have been named so far, by their keys. */
  Map<String, Pickled.Storage> storages() {
    return storages;
  }

  /** What a name stands for; refuses one that is not known. */
  Object find(String name) {
    Object value = constructors.find(name);
    if (value != null) {
      return value;
    }
    if (script && name.startsWith("__torch__.")) {
      Pickled.Constructor module = arguments -> new Pickled.Instance(".");
      return module;
    }
    throw new DataException(
        ("%s is not read: it asks Python for %s, but only tensors, containers, numbers and strings"
                + " are taken from a pickle, and nothing in it was run; save model.state_dict() alone")
            .formatted(file.file(), printable(name)));
  }

  /** The storage that a persistent id means: a mark, its type, key, device, size and view. */
  Pickled.Storage storage(List<Object> id) {
    if (id.size() >= 5
        && "storage".equals(id.get(0))
        && id.get(1) instanceof Pickled.StorageType type
        && id.get(2) instanceof String key
        && id.get(4) instanceof Long size) {
      Pickled.Storage whole = new Pickled.Storage(type.type(), key, size, 0);
      Pickled.Storage first = storages.putIfAbsent(key, whole);
      if (first != null && first.type() != whole.type()) {
        throw new PickleException("has a storage of two types");
      }
      return id.size() > 5 && id.get(5) instanceof Pickled.Tuple view ? view(whole, view) : whole;
    }
    throw new PickleException("has a persistent id that is no storage");
  }

  /** Gives an object of Python its state. */
  void build(Object target, Object state) {
    if (target instanceof Pickled.Instance instance && state instanceof Map<?, ?> attributes) {
      constructors.copy(attributes.size());
      instance.attributes.putAll(attributes);
    } else if (target instanceof NumpyScalar.Type type && state instanceof Pickled.Tuple tuple) {
      type.build(tuple.items);
    } else if (!(target instanceof Map)) { // what an OrderedDict has as attributes is not needed
      throw new PickleException("sets the state of what has none");
    }
  }

  private static Pickled.Storage view(Pickled.Storage whole, Pickled.Tuple view) {
    long offset = Constructors.argument(view.items, 1, Long.class);
    return new Pickled.Storage(whole.type(), whole.key(), whole.size(), offset);
  }

  private static String printable(String name) {
    String text = name.replaceAll("[^\\x20-\\x7e]", "?");
    return text.length() > 80 ? text.substring(0, 80) + "..." : text;
  }
}
