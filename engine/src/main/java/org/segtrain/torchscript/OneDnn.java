package org.segtrain.torchscript;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.segtrain.engine.internal.Expr;
import org.segtrain.engine.internal.Graph;

/**
 * Lets oneDNN compute linear layers and convolutions, by the operations of PyTorch that its own
 * compiler uses on a CPU: with weights packed once, and with the activation or the residual sum
 * that follows. In int8 they read bytes and write bytes where only such layers read them.
 */
final class OneDnn {

  /**
   * A program with its packed weights.
   *
   * @param packings by the names of weights
   */
  record Packed(Graph graph, Map<String, Packing> packings) {}

  private static final String LINEAR = "torch.linear($1, $2, $3)";
  private static final String CONVOLUTION = "torch.conv2d($1, $2, $3, $4, $5, $6, $7)";
  private static final String ADD = "torch.add($0, $1)";
  private static final String PERMUTE = "torch.permute($0, $1)";
  private static final String SIZE = "torch.size($0, $1)";
  private static final String QUANTIZE =
      "torch.int_repr(torch.quantize_per_tensor($0, $1, $2, 13))"; // 13: PyTorch's quint8
  private static final String LINEAR_POINTWISE = "ops.mkldnn._linear_pointwise($0, $1, $2, %s)";
  private static final String NO_NUMBERS = "annotate(List[Optional[number]], [])";
  private static final int FLOAT = 6; // PyTorch's numbers of types
  private static final int BYTE = 0;
  private static final int INPUT = 1; // places among the arguments of both layers
  private static final int WEIGHT = 2;
  private static final int BIAS = 3;
  private static final int STRIDE = 4;
  private static final int PADDING = 5;
  private static final int DILATION = 6;
  private static final int GROUPS = 7;
  private static final int LEAST_CHANNELS = 16; // that int8 layers read
  private static final int LARGEST_BYTE = 127;

  /** oneDNN's names of the activations that it computes behind a layer. */
  private static final Map<String, String> ACTIVATIONS =
      Map.of(
          "torch.relu($0)", "relu", "torch.gelu($0)", "gelu", "torch.hardswish($0)", "hardswish");

  private final NDManager manager;
  private final Graph graph;
  private final Map<Integer, Range> ranges;
  private final List<Graph.Statement> statements;
  private final Map<String, NDArray> parameters;
  private final Map<Integer, Set<Integer>> readers = new HashMap<>();
  private final Set<Integer> measured = new HashSet<>(); // the statements whose sizes are read
  private final Map<String, Set<Integer>> owners = new HashMap<>();
  private final Map<String, Packing> packings = new LinkedHashMap<>();
  private final Map<Integer, Expr> same = new HashMap<>(); // what a layer computes beside its own
  private final Map<Integer, Range> bytes = new HashMap<>(); // the statements that give bytes

  private OneDnn(Graph graph, Map<Integer, Range> ranges, NDManager manager) {
    this.graph = graph;
    this.ranges = ranges;
    this.manager = manager;
    this.statements = new ArrayList<>(graph.statements());
    this.parameters = new LinkedHashMap<>(graph.parameters());
    for (int i = graph.inputs(); i < statements.size(); i++) {
      note(statements.get(i).value(), i);
    }
    graph.outputs().forEach(output -> note(output, statements.size()));
  }

  private void note(Expr expr, int reader) {
    if (expr instanceof Expr.Var read) {
      readers.computeIfAbsent(read.id(), id -> new LinkedHashSet<>()).add(reader);
    } else if (expr instanceof Expr.Parameter own) {
      owners.computeIfAbsent(own.name(), name -> new LinkedHashSet<>()).add(reader);
    } else if (expr instanceof Expr.Items list) {
      list.items().forEach(item -> note(item, reader));
    } else if (expr instanceof Expr.Call call && call.template().equals(SIZE)) {
      measured.addAll(Exprs.reads(call));
    } else if (expr instanceof Expr.Call call) {
      call.arguments().forEach(argument -> note(argument, reader));
    }
  }

  /**
   * The program with int8 layers where ranges are known.
   *
   * @param ranges of the statements that {@link #toCalibrate} gives; none for the precision of the
   *     program
   * @param manager gets the int8 arrays
   */
  static Packed of(Graph graph, Map<Integer, Range> ranges, NDManager manager) {
    OneDnn form = new OneDnn(graph, ranges, manager);
    for (int i = graph.inputs(); i < form.statements.size(); i++) {
      form.rewrite(i);
    }
    return form.packed();
  }

  /** The statements whose ranges int8 layers need. */
  static List<Integer> toCalibrate(Graph graph, NDManager manager) {
    OneDnn form = new OneDnn(graph, Map.of(), manager);
    return IntStream.range(graph.inputs(), graph.statements().size())
        .filter(i -> form.layer(i).filter(form::isQuantizable).isPresent())
        .boxed()
        .flatMap(form::around)
        .distinct()
        .collect(Collectors.toList());
  }

  private Stream<Integer> around(int place) {
    int input = ((Expr.Var) call(place).arguments().get(INPUT)).id();
    int end = activation(place).map(Follower::place).orElse(place);
    return Stream.of(input, end);
  }

  private Packed packed() {
    List<Graph.Statement> rewritten =
        statements.stream()
            .map(s -> with(s, Exprs.rewrite(s.value(), this::resolved)))
            .collect(Collectors.toList());
    List<Expr> outputs =
        graph.outputs().stream().map(output -> Exprs.rewrite(output, this::resolved)).toList();
    Map<String, String> repeats = new LinkedHashMap<>(graph.repeats());
    repeats.values().removeAll(packings.keySet());
    List<String> learned = new ArrayList<>(graph.learned());
    learned.removeAll(packings.keySet());
    Graph all = new Graph(graph.inputs(), rewritten, outputs, parameters, repeats, learned);
    return new Packed(Pruning.withoutIdleStatements(all), packings);
  }

  private static Graph.Statement with(Graph.Statement statement, Expr value) {
    return new Graph.Statement(value, statement.type(), statement.dimensions(), statement.block());
  }

  private Expr resolved(Expr expr) {
    Expr found = expr;
    while (found instanceof Expr.Var read && same.containsKey(read.id())) {
      found = same.get(read.id());
    }
    return found;
  }

  /** A linear layer or a convolution whose weight and geometry are known. */
  private record Layer(int place, boolean linear, Expr.Parameter weight, Expr.Call call) {

    Expr input() {
      return call.arguments().get(INPUT);
    }

    Expr bias() {
      return call.arguments().get(BIAS);
    }

    /** Padding, stride, dilation and groups, as the operations of oneDNN take them. */
    String geometry() {
      return Stream.of(PADDING, STRIDE, DILATION, GROUPS)
          .map(place -> Code.of(call.arguments().get(place)))
          .collect(Collectors.joining(", "));
    }

    /** As int8 convolutions take them. */
    String stridesFirst() {
      return Stream.of(STRIDE, PADDING, DILATION, GROUPS)
          .map(place -> Code.of(call.arguments().get(place)))
          .collect(Collectors.joining(", "));
    }

    boolean isGrouped() {
      return !linear && !call.arguments().get(GROUPS).equals(new Expr.Int(1));
    }
  }

  /**
   * What follows a layer and alone reads it.
   *
   * @param place of the activation
   * @param last what it reads: the layer, or a permutation of it
   * @param name of the activation in oneDNN
   */
  private record Follower(int place, int last, String name) {}

  private Optional<Layer> layer(int place) {
    if (!(statements.get(place).value() instanceof Expr.Call call)) {
      return Optional.empty();
    }
    boolean linear = call.template().equals(LINEAR);
    if ((!linear && !call.template().equals(CONVOLUTION))
        || !(call.arguments().get(INPUT) instanceof Expr.Var read)
        || statements.get(read.id()).dimensions() < 2
        || !(call.arguments().get(WEIGHT) instanceof Expr.Parameter weight)
        || owners.get(weight.name()).size() > 1
        || parameters.get(weight.name()).getShape().dimension() != (linear ? 2 : 4)) {
      return Optional.empty();
    }
    return Optional.of(new Layer(place, linear, weight, call));
  }

  /** Those of few channels and those with groups gain nothing. */
  private boolean isQuantizable(Layer layer) {
    Shape shape = parameters.get(layer.weight().name()).getShape();
    return !layer.isGrouped() && shape.get(1) >= LEAST_CHANNELS;
  }

  private boolean isInt8(int place) {
    return layer(place).filter(this::isInt8).isPresent();
  }

  private boolean isInt8(Layer layer) {
    return isQuantizable(layer) && ranges.containsKey(((Expr.Var) layer.input()).id());
  }

  private Expr.Call call(int place) {
    return (Expr.Call) graph.statements().get(place).value();
  }

  /** The operation of a statement; empty for an array that the pass made. */
  private String template(int place) {
    return graph.statements().get(place).value() instanceof Expr.Call call ? call.template() : "";
  }

  /** The one statement that reads the elements of {@code place}, if there is one. */
  private Optional<Integer> reader(int place) {
    Set<Integer> all = readers.getOrDefault(place, Set.of());
    return all.size() == 1
        ? all.stream().filter(i -> i < statements.size()).findFirst()
        : Optional.empty();
  }

  private Optional<Follower> activation(int place) {
    int last = place;
    Optional<Integer> next = reader(place);
    while (next.isPresent() && template(next.get()).equals(PERMUTE)) {
      last = next.get();
      next = reader(last);
    }
    int end = last;
    return next.filter(i -> ACTIVATIONS.containsKey(template(i)))
        .map(i -> new Follower(i, end, ACTIVATIONS.get(template(i))));
  }

  /** The sum that alone reads {@code place}, with an earlier array of as many axes. */
  private Optional<Integer> sum(int place) {
    return reader(place).filter(i -> template(i).equals(ADD) && other(i, place) != null);
  }

  private Expr other(int sum, int place) {
    List<Expr> terms = call(sum).arguments();
    Expr other = terms.get(terms.get(0).equals(new Expr.Var(place)) ? 1 : 0);
    boolean fits =
        other instanceof Expr.Var read
            && read.id() < place
            && statements.get(read.id()).type() == statements.get(place).type()
            && statements.get(read.id()).dimensions() == statements.get(place).dimensions();
    return fits ? other : null;
  }

  private void rewrite(int place) {
    Optional<Layer> found = layer(place);
    if (found.isEmpty()) {
      if (template(place).equals(PERMUTE)
          && call(place).arguments().get(0) instanceof Expr.Var read
          && bytes.containsKey(read.id())) {
        bytes.put(place, bytes.get(read.id()));
      }
      return;
    }
    Layer layer = found.get();
    boolean int8 = isInt8(layer);
    Optional<Follower> activation =
        activation(place)
            .filter(follower -> !int8 || layer.linear() || !follower.name().equals("gelu"))
            .filter(follower -> !layer.linear() || !follower.name().equals("hardswish"));
    Optional<Integer> sum = activation.isEmpty() && layer.linear() ? sum(place) : Optional.empty();
    pack(layer, int8);
    String name = activation.map(Follower::name).orElse("none");
    Expr value;
    if (int8) {
      int end = activation.map(Follower::place).orElse(place);
      boolean toBytes = sum.isEmpty() && ranges.containsKey(end) && isReadAsBytes(end);
      if (toBytes) {
        bytes.put(place, ranges.get(end));
        bytes.put(end, ranges.get(end));
      }
      value =
          int8(layer, name, sum.map(i -> other(i, place)), Optional.ofNullable(bytes.get(place)));
    } else {
      value =
          sum.flatMap(i -> mlp(layer, other(i, place)))
              .orElseGet(() -> plain(layer, name, sum.map(i -> other(i, place))));
    }
    statements.set(place, with(statements.get(place), value));
    activation.ifPresent(follower -> same.put(follower.place(), new Expr.Var(follower.last())));
    sum.ifPresent(i -> same.put(i, new Expr.Var(place)));
  }

  /** Whether int8 layers alone read the elements, perhaps permuted. */
  private boolean isReadAsBytes(int place) {
    Set<Integer> all = readers.getOrDefault(place, Set.of());
    return !all.isEmpty()
        && all.stream().allMatch(i -> i < statements.size() && readsBytes(i, place));
  }

  private boolean readsBytes(int reader, int place) {
    if (template(reader).equals(PERMUTE)) {
      return isReadAsBytes(reader);
    }
    return isInt8(reader) && call(reader).arguments().get(INPUT).equals(new Expr.Var(place));
  }

  private void pack(Layer layer, boolean int8) {
    String name = layer.weight().name();
    if (!int8) {
      String call =
          layer.linear()
              ? "ops.mkldnn._reorder_linear_weight($0)"
              : "ops.mkldnn._reorder_convolution_weight($0, %s)".formatted(layer.geometry());
      packings.put(name, new Packing(call, "torch.to_dense($0)", Optional.empty()));
      return;
    }
    NDArray scale = quantize(name);
    packings.put(
        name,
        layer.linear()
            ? new Packing(
                "ops.onednn.qlinear_prepack($0, None)",
                "torch.contiguous(torch.t(torch.to_dense($0)))",
                Optional.of(scale))
            : new Packing(
                "ops.onednn.qconv_prepack($0, $1, 1., 0, %s)".formatted(layer.stridesFirst()),
                "torch.to_dense($0)",
                Optional.of(scale)));
  }

  /** Replaces a weight by bytes, and returns the scale of each output channel. */
  private NDArray quantize(String name) {
    try (NDManager scope = manager.newSubManager()) {
      NDArray weight = parameters.get(name).toType(DataType.FLOAT32, true);
      weight.attach(scope);
      long channels = weight.getShape().get(0);
      NDArray rows = weight.reshape(channels, -1);
      NDArray scale = rows.abs().max(new int[] {1}, true).div(LARGEST_BYTE).maximum(1e-12);
      NDArray whole = rows.div(scale).round().toType(DataType.INT8, true);
      NDArray bytes = whole.reshape(weight.getShape());
      bytes.attach(manager);
      parameters.put(name, bytes);
      NDArray flat = scale.reshape(channels);
      flat.attach(manager);
      return flat;
    }
  }

  /** The layer with its sum and the layer with a GELU before it, if that is for this one alone. */
  private Optional<Expr> mlp(Layer layer, Expr other) {
    int hidden = ((Expr.Var) resolved(layer.input())).id();
    boolean alone =
        statements.get(hidden).value() instanceof Expr.Call call
            && call.template().equals(LINEAR_POINTWISE.formatted(behind("gelu")))
            && reader(((Expr.Var) layer.input()).id()).equals(Optional.of(layer.place()))
            && !measured.contains(hidden)
            && !measured.contains(((Expr.Var) layer.input()).id())
            && other instanceof Expr.Var term
            && term.id() < hidden;
    if (!alone) {
      return Optional.empty();
    }
    List<Expr> first = ((Expr.Call) statements.get(hidden).value()).arguments();
    return Optional.of(
        Exprs.call(
            ChunkedMlp.CALL,
            first.get(0),
            other,
            first.get(1),
            first.get(2),
            Exprs.call(Packing.PACKED, layer.weight()),
            layer.bias()));
  }

  /** The arguments that name an activation. */
  private static String behind(String activation) {
    String algorithm = activation.equals("gelu") ? "none" : "";
    return "\"%s\", %s, \"%s\"".formatted(activation, NO_NUMBERS, algorithm);
  }

  private static Expr plain(Layer layer, String activation, Optional<Expr> other) {
    Expr packed = Exprs.call(Packing.PACKED, layer.weight());
    String behind = behind(activation);
    if (!layer.linear()) {
      return Exprs.call(
          "ops.mkldnn._convolution_pointwise($0, $1, $2, %s, %s)"
              .formatted(layer.geometry(), behind),
          layer.input(),
          packed,
          layer.bias());
    }
    return other
        .map(
            term ->
                Exprs.call(
                    "ops.mkldnn._linear_pointwise($0, $1, $2, $3, \"add\")",
                    layer.input(),
                    term,
                    packed,
                    layer.bias()))
        .orElseGet(
            () ->
                Exprs.call(
                    LINEAR_POINTWISE.formatted(behind), layer.input(), packed, layer.bias()));
  }

  private Expr int8(Layer layer, String activation, Optional<Expr> other, Optional<Range> result) {
    int read = ((Expr.Var) layer.input()).id();
    Range range = bytes.getOrDefault(read, ranges.get(read));
    Expr scale = new Expr.Real(range.scale());
    Expr zero = new Expr.Int(range.zero());
    Expr input =
        bytes.containsKey(read) ? layer.input() : Exprs.call(QUANTIZE, layer.input(), scale, zero);
    String written =
        result
            .map(r -> "%s, %d, %d".formatted(r.scale(), r.zero(), BYTE))
            .orElse("1., 0, " + FLOAT);
    List<Expr> arguments =
        new ArrayList<>(
            List.of(
                input,
                scale,
                zero,
                Exprs.call(Packing.PACKED, layer.weight()),
                Exprs.call(Packing.SCALE, layer.weight()),
                Exprs.call(Packing.ZEROS, layer.weight()),
                layer.bias()));
    String behind = "%s, %s".formatted(written, behind(activation));
    String layerOf = "$0, $1, $2, $3, $4, $5, $6";
    if (!layer.linear()) {
      return new Expr.Call(
          "ops.onednn.qconv2d_pointwise(%s, %s, %s)"
              .formatted(layerOf, layer.stridesFirst(), behind),
          arguments);
    }
    if (other.isEmpty()) {
      return new Expr.Call(
          "ops.onednn.qlinear_pointwise(%s, %s)".formatted(layerOf, behind), arguments);
    }
    arguments.add(6, other.get());
    return new Expr.Call(
        "ops.onednn.qlinear_pointwise(%s, $7, 1., 0, %d, 1., 0, \"add\", 1., \"none\", %s, \"\")"
            .formatted(layerOf, FLOAT, NO_NUMBERS),
        arguments);
  }
}
