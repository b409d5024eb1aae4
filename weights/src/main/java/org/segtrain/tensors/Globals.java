package org.segtrain.tensors;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.segtrain.errors.DataException;

/**
 * The names of Python that a pickle may use, and what they make here. There is no other way from a
 * name in a file to anything that is done.
 */
final class Globals {

  private static final long MOST_COPIED = 4_000_000; // numbers of items, characters
  private static final int MOST_AXES = 64;

  private final FileBytes file;
  private final boolean script;
  private final Map<String, Object> known = new HashMap<>();
  private final Map<String, Pickled.Storage> storages = new LinkedHashMap<>();
  private long copied;

  /**
   * Those of a file.
   *
   * @param script whether it is a TorchScript archive, whose modules are taken by their attributes
   */
  Globals(FileBytes file, boolean script) {
    this.file = file;
    this.script = script;
    TorchNames.INERT.forEach(name -> known.put(name, new Pickled.Name(name)));
    storageTypes();
    tensors();
    containers();
    numbers();
    if (script) {
      scripts();
    }
  }

  /** The storages that have been named so far, by their keys. */
  Map<String, Pickled.Storage> storages() {
    return storages;
  }

  /** What a name stands for; refuses one that is not known. */
  Object find(String name) {
    Object value = known.get(name);
    if (value != null) {
      return value;
    }
    if (script && name.startsWith("__torch__.")) {
      return constructor(arguments -> new Pickled.Instance("."));
    }
    throw new DataException(
        "%s is not read: it asks Python for %s, but only tensors, containers, numbers and strings are taken from a pickle, and nothing in it was run; save model.state_dict() alone"
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
      copy(attributes.size());
      instance.attributes.putAll(attributes);
    } else if (target instanceof NumpyScalar.Type type && state instanceof Pickled.Tuple tuple) {
      type.build(tuple.items);
    } else if (!(target
        instanceof Map)) { // the attributes of an OrderedDict say nothing of weights
      throw new PickleException("sets the state of what has none");
    }
  }

  private void storageTypes() {
    TorchNames.STORAGES.forEach(
        (type, name) -> {
          known.put("torch." + name, new Pickled.StorageType(type));
          known.put("torch.cuda." + name, new Pickled.StorageType(type));
        });
    known.put("torch.storage.UntypedStorage", new Pickled.StorageType(ElementType.U8));
    known.put("torch.UntypedStorage", new Pickled.StorageType(ElementType.U8));
  }

  private void tensors() {
    put("torch._utils._rebuild_tensor", arguments -> tensor(arguments, null));
    put("torch._utils._rebuild_tensor_v2", arguments -> tensor(arguments, null));
    put(
        "torch._utils._rebuild_tensor_v3",
        arguments -> tensor(arguments, argument(arguments, 6, Pickled.Name.class)));
    put(
        "torch._utils._rebuild_parameter",
        arguments -> argument(arguments, 0, Pickled.Tensor.class));
    put(
        "torch._utils._rebuild_parameter_with_state",
        arguments -> argument(arguments, 0, Pickled.Tensor.class));
    put(
        "torch._tensor._rebuild_from_type_v2",
        arguments ->
            argument(arguments, 0, Pickled.Constructor.class)
                .of(argument(arguments, 2, Pickled.Tuple.class).items));
    put("torch.Size", arguments -> argument(arguments, 0, Pickled.Tuple.class));
    put("torch.device", arguments -> new Pickled.Name(joined(arguments, ":")));
  }

  private void containers() {
    put("collections.OrderedDict", this::dictionary);
    put("collections.defaultdict", arguments -> new LinkedHashMap<>());
    put("collections.Counter", this::counter);
    for (String set :
        List.of("builtins.set", "__builtin__.set", "builtins.frozenset", "__builtin__.frozenset")) {
      put(set, arguments -> argument(arguments, 0, List.class));
    }
    put("argparse.Namespace", arguments -> new Pickled.Instance("/"));
    for (String path : List.of("PosixPath", "WindowsPath", "PurePosixPath", "PureWindowsPath")) {
      put("pathlib." + path, arguments -> joined(arguments, "/"));
    }
  }

  private void numbers() {
    put("_codecs.encode", this::latin1);
    put("numpy.dtype", arguments -> new NumpyScalar.Type(argument(arguments, 0, String.class)));
    for (String core : List.of("numpy.core", "numpy._core")) {
      put(
          core + ".multiarray.scalar",
          arguments ->
              argument(arguments, 0, NumpyScalar.Type.class)
                  .value(argument(arguments, 1, byte[].class)));
    }
  }

  /** What modules of TorchScript hold beside tensors and modules. */
  private void scripts() {
    for (String list : List.of("intlist", "doublelist", "boollist", "tensorlist")) {
      put("torch.jit._pickle.build_" + list, arguments -> argument(arguments, 0, List.class));
    }
    put(
        "torch.jit._pickle.restore_type_tag",
        arguments -> arguments.isEmpty() ? null : arguments.get(0));
  }

  private void put(String name, Pickled.Constructor constructor) {
    known.put(name, constructor);
  }

  private static Pickled.Constructor constructor(Pickled.Constructor constructor) {
    return constructor;
  }

  private Pickled.Storage view(Pickled.Storage whole, Pickled.Tuple view) {
    long offset = argument(view.items, 1, Long.class);
    return new Pickled.Storage(whole.type(), whole.key(), whole.size(), offset);
  }

  private static Pickled.Tensor tensor(List<Object> arguments, Pickled.Name dtype) {
    Pickled.Storage storage = argument(arguments, 0, Pickled.Storage.class);
    ElementType type = dtype == null ? storage.type() : TorchNames.DTYPES.get(dtype.name());
    if (type == null) {
      throw new PickleException("has numbers of the type " + dtype.name());
    }
    return new Pickled.Tensor(
        type,
        storage,
        argument(arguments, 1, Long.class),
        longs(argument(arguments, 2, Pickled.Tuple.class)),
        longs(argument(arguments, 3, Pickled.Tuple.class)));
  }

  private static List<Long> longs(Pickled.Tuple tuple) {
    if (tuple.items.size() > MOST_AXES) {
      throw new PickleException("has a tensor of %d axes".formatted(tuple.items.size()));
    }
    List<Long> numbers = new ArrayList<>();
    for (int i = 0; i < tuple.items.size(); i++) {
      numbers.add(argument(tuple.items, i, Long.class));
    }
    return numbers;
  }

  /** Of nothing, or of a list of pairs. */
  private Map<Object, Object> dictionary(List<Object> arguments) {
    Map<Object, Object> map = new LinkedHashMap<>();
    if (!arguments.isEmpty()) {
      List<?> pairs = argument(arguments, 0, List.class);
      copy(pairs.size());
      for (Object pair : pairs) {
        List<?> items =
            pair instanceof Pickled.Tuple tuple
                ? tuple.items
                : argument(Arrays.asList(pair), 0, List.class);
        map.put(argument(items, 0, String.class), items.size() > 1 ? items.get(1) : null);
      }
    }
    return map;
  }

  private Object counter(List<Object> arguments) {
    return arguments.isEmpty() ? new LinkedHashMap<>() : argument(arguments, 0, Map.class);
  }

  private byte[] latin1(List<Object> arguments) {
    String text = argument(arguments, 0, String.class);
    copy(text.length());
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private String joined(List<Object> arguments, String separator) {
    for (Object argument : arguments) {
      copy(argument instanceof String text ? text.length() : 20);
    }
    return arguments.stream()
        .map(
            argument ->
                argument instanceof String || argument instanceof Long ? argument.toString() : "?")
        .collect(Collectors.joining(separator));
  }

  private static <T> T argument(List<?> arguments, int index, Class<T> type) {
    if (index < arguments.size() && type.isInstance(arguments.get(index))) {
      return type.cast(arguments.get(index));
    }
    throw new PickleException("gives a function what it does not take");
  }

  /** Repeated, copies of the same thing would need more time than the file is long. */
  private void copy(long items) {
    copied += items;
    if (copied > MOST_COPIED) {
      throw new PickleException("copies the same things over and over");
    }
  }

  private static String printable(String name) {
    String text = name.replaceAll("[^\\x20-\\x7e]", "?");
    return text.length() > 80 ? text.substring(0, 80) + "..." : text;
  }
}
