package org.segtrain.tensors;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The table of {@link Globals}: what each name of Python makes here. */
final class Constructors {

  private static final int MOST_AXES = 64;

  private final Map<String, Object> known = new HashMap<>();
  private final Allowance allowance;

  Constructors(Allowance allowance, boolean script) {
    this.allowance = allowance;
    TorchNames.INERT.forEach(name -> known.put(name, new Pickled.Name(name)));
    storageTypes();
    tensors();
    containers();
    numbers();
    if (script) {
      scripts();
    }
  }

  /** What a name stands for, or null. */
  Object find(String name) {
    return known.get(name);
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
    put("torch._tensor._rebuild_from_type_v2", this::ofType);
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

  private Pickled.Tensor tensor(List<Object> arguments, Pickled.Name dtype) {
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

  /** Of a function, a type and the function's arguments: a tensor of some class, taken plainly. */
  private Object ofType(List<Object> arguments) {
    Object function = arguments.isEmpty() ? null : arguments.get(0);
    if (function != known.get("torch._utils._rebuild_tensor_v2")) { // nor itself, without end
      throw new PickleException("has a tensor of a class that is not read");
    }
    return tensor(argument(arguments, 2, Pickled.Tuple.class).items, null);
  }

  private List<Long> longs(Pickled.Tuple tuple) {
    if (tuple.items.size() > MOST_AXES) {
      throw new PickleException("has a tensor with %d dimensions".formatted(tuple.items.size()));
    }
    allowance.copy(tuple.items.size());
    List<Long> numbers = new ArrayList<>(tuple.items.size());
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
      allowance.copy(pairs.size());
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
    allowance.copy(text.length());
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private String joined(List<Object> arguments, String separator) {
    for (Object argument : arguments) {
      allowance.copy(argument instanceof String text ? text.length() : 20);
    }
    return arguments.stream()
        .map(
            argument ->
                argument instanceof String || argument instanceof Long ? argument.toString() : "?")
        .collect(Collectors.joining(separator));
  }

  /** The argument at {@code index}, which must be of that type. */
  static <T> T argument(List<?> arguments, int index, Class<T> type) {
    if (index < arguments.size() && type.isInstance(arguments.get(index))) {
      return type.cast(arguments.get(index));
    }
    throw new PickleException("gives a function what it does not take");
  }
}
