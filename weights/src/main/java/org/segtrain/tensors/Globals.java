package org.segtrain.tensors;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.segtrain.errors.DataException;
import org.segtrain.errors.internal.OneLine;

/**
 * The names of Python that a pickle may use, and what they make here. There is no other way from a
 * name in a file to anything that is done.
 */
final class Globals {

  /** What the names of functions begin with that make tensors. */
  private static final List<String> TENSORS =
      List.of("torch._utils._rebuild", "torch._tensor.", "torch.storage.", "torch.cuda.");

  private final FileBytes file;
  private final boolean script;
  private final Allowance allowance;
  private final Constructors constructors;
  private String unknown; // the first one
  private final Map<String, Pickled.Storage> storages = new LinkedHashMap<>();

  /**
   * Those of a file.
   *
   * @param allowance what the file may ask for, with all its pickles
   * @param script whether it is a TorchScript archive, whose modules are taken by their attributes
   */
  Globals(FileBytes file, Allowance allowance, boolean script) {
    this.file = file;
    this.script = script;
    this.allowance = allowance;
    this.constructors = new Constructors(allowance, script);
  }

  /** What the file may still ask for. */
  Allowance allowance() {
    return allowance;
  }

  /** The storages that have been named so far, by their keys. */
  Map<String, Pickled.Storage> storages() {
    return storages;
  }

  /**
   * What a name stands for. One that is not known makes objects that are carried along and never
   * looked at; but one that would make tensors is refused, since they would be missing.
   */
  Object find(String name) {
    Object value = constructors.find(name);
    if (value != null) {
      return value;
    }
    if (script && name.startsWith("__torch__.")) {
      Pickled.Constructor module = arguments -> new Pickled.Instance(".");
      return module;
    }
    if (script || name.endsWith("Storage") || TENSORS.stream().anyMatch(name::startsWith)) {
      throw refusal(name);
    }
    if (unknown == null) {
      unknown = name;
    }
    return new Pickled.Opaque(name);
  }

  /** Refuses a file that asks for names that are not known and holds no tensors. */
  void refuseEmpty() {
    if (unknown != null) {
      throw refusal(unknown);
    }
  }

  /** Why a file is not read. */
  DataException refusal(String name) {
    return new DataException(
        ("%s asks Python for %s, but segtrain reads only tensors, containers, numbers and"
                + " strings from a pickle, and ran nothing in it; save model.state_dict() alone")
            .formatted(file.file(), printable(name)));
  }

  /**
   * The storage that a persistent id means: a mark, its type, key, device, size and view; or the
   * class of a module.
   */
  Object storage(List<Object> id) {
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
    if (id.size() > 1 && "module".equals(id.get(0)) && id.get(1) instanceof Pickled.Opaque type) {
      return type; // with its source, as before 1.6
    }
    throw new PickleException("has a persistent id that is no storage");
  }

  /** Gives an object of Python its state. */
  void build(Object target, Object state) {
    if (target instanceof Pickled.Instance instance && state instanceof Map<?, ?> attributes) {
      allowance.copy(attributes.size());
      instance.attributes.putAll(attributes);
    } else if (target instanceof Pickled.Instance && state instanceof Pickled.Tuple) {
      throw new DataException(
          "%s packs its weights as it is loaded, as exports for a CPU do; take an export without --cpu or --int8"
              .formatted(file.file()));
    } else if (target instanceof NumpyScalar.Type type && state instanceof Pickled.Tuple tuple) {
      type.build(tuple.items);
    } else if (target instanceof Pickled.Opaque opaque) {
      opaque.held.add(state);
    } else if (!(target instanceof Map)) { // what an OrderedDict has as attributes is not needed
      throw new PickleException("sets the state of what has none");
    }
  }

  private static Pickled.Storage view(Pickled.Storage whole, Pickled.Tuple view) {
    long offset = Constructors.argument(view.items, 1, Long.class);
    return new Pickled.Storage(whole.type(), whole.key(), whole.size(), offset);
  }

  private static String printable(String name) {
    String text = OneLine.of(name);
    return text.length() > 80 ? text.substring(0, 80) + "..." : text;
  }
}
