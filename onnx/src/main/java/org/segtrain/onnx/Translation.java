package org.segtrain.onnx;

import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.segtrain.engine.internal.Expr;
import org.segtrain.engine.internal.Graph;

/** Writes the statements of one {@link Graph} that its outputs need as nodes of ONNX. */
final class Translation {

  private final Graph graph;
  private final Nodes nodes;
  private final SizeArrays sizes;
  private final Map<Expr, Value> values = new HashMap<>();
  private String block = "";

  Translation(Graph graph) {
    this.graph = graph;
    this.nodes = new Nodes(graph.parameters());
    this.sizes = new SizeArrays(nodes, this::array);
  }

  Nodes nodes() {
    return nodes;
  }

  SizeArrays sizes() {
    return sizes;
  }

  /**
   * Adds the nodes that give the outputs.
   *
   * @param inputs what the graph's inputs are called
   * @throws IllegalArgumentException if ONNX has no such operation; the message names it
   */
  List<Tensor> translate(List<Tensor> inputs) {
    for (int i = 0; i < inputs.size(); i++) {
      values.put(new Expr.Var(i), inputs.get(i));
    }
    List<Graph.Statement> statements = InPlace.replaced(graph);
    BitSet needed = Needed.of(graph);
    for (int i = needed.nextSetBit(inputs.size()); i >= 0; i = needed.nextSetBit(i + 1)) {
      Graph.Statement statement = statements.get(i);
      enter(statement.block());
      values.put(new Expr.Var(i), asRecorded(value(statement.value()), statement));
    }
    enter("");
    return graph.outputs().stream().map(this::array).toList();
  }

  private void enter(String block) {
    this.block = block;
    nodes.inside(block);
  }

  /** The array that {@code e} stands for. */
  Tensor array(Expr e) {
    if (value(e) instanceof Tensor array) {
      return array;
    }
    throw new Refusal("a list stands where it takes an array");
  }

  private Value value(Expr e) {
    Value known = values.get(e);
    if (known == null) {
      known = computed(e);
      values.put(e, known);
    }
    return known;
  }

  /**
   * {@code value} as it was when the pass was recorded. DJL makes an array of float64 of the number
   * in {@code x.mean().mul(0.5)}, which then is of float64 too, where the operation of PyTorch that
   * stands for it is of float32.
   *
   * @throws IllegalArgumentException if it is another kind of array
   */
  private Value asRecorded(Value value, Graph.Statement recorded) {
    if (!(value instanceof Tensor array)) {
      return value;
    }
    boolean isOfKind =
        array.type() == recorded.type()
            || (Types.isFloating(array.type()) && Types.isFloating(recorded.type()));
    if (isOfKind && array.rank() == recorded.dimensions()) {
      return nodes.cast(array, recorded.type());
    }
    throw new Refusal(
            "it would be %s with %d axes, but was %s with %d when it was recorded"
                .formatted(array.type(), array.rank(), recorded.type(), recorded.dimensions()))
        .of(name(recorded.value()), block);
  }

  private static String name(Expr e) {
    return e instanceof Expr.Call call ? Operation.of(call).name() : "an array";
  }

  private Value computed(Expr e) {
    if (e instanceof Expr.Parameter parameter) {
      return nodes.parameter(parameter.name());
    } else if (e instanceof Expr.Constant c) {
      return nodes.constant(c.type(), c.values(), c.shape().getShape());
    } else if (e instanceof Expr.Call call) {
      return called(Operation.of(call));
    }
    throw new Refusal("%s stands where it takes an array".formatted(e));
  }

  private Value called(Operation operation) {
    try {
      Invocation call = new Invocation(operation, this);
      if (operation.name().equals(Operation.ITEM)) {
        return ((Parts) value(call.argument(0))).part(call.integer(1));
      }
      Value result = Lowerings.of(operation.name()).of(call);
      call.requireAllAsked();
      return result;
    } catch (Refusal refusal) {
      throw refusal.of(operation.name(), block);
    }
  }
}
