package org.segtrain.onnx;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;

/** The ONNX graph while it grows: its nodes, its constants, and those parameters that are read. */
final class Nodes {

  private final GraphProto.Builder graph = GraphProto.newBuilder();
  private final Map<String, NDArray> parameters;
  private final Set<String> read = new HashSet<>();
  private final Map<TensorProto, Tensor> constants = new HashMap<>();
  private String block = "";

  /**
   * An empty graph.
   *
   * @param parameters the arrays that nodes may read, by name
   */
  Nodes(Map<String, NDArray> parameters) {
    this.parameters = parameters;
  }

  GraphProto.Builder graph() {
    return graph;
  }

  /** Names the nodes to come after {@code block}. */
  void inside(String block) {
    this.block = block;
  }

  /** A node, which is added when its output is asked for. */
  Node node(String operator) {
    return new Node(this, operator);
  }

  /** {@code array} with elements of {@code type}. */
  Tensor cast(Tensor array, DataType type) {
    return array.type() == type
        ? array
        : node("Cast").in(array).set("to", Types.onnx(type)).out(type, array.rank());
  }

  /** A name that no node has, for one of {@code operator}. */
  String nameOf(String operator) {
    return block + "/" + operator + "_" + graph.getNodeCount();
  }

  /** An array of the model, under its own name. */
  Tensor parameter(String name) {
    NDArray array = parameters.get(name);
    if (read.add(name)) {
      graph.addInitializer(Arrays.proto(array).setName(name));
    }
    return new Tensor(name, array.getDataType(), array.getShape().dimension());
  }

  /** A matrix of the model with its axes exchanged, under a name of its own. */
  Tensor turnedParameter(String name) {
    NDArray array = parameters.get(name);
    String turned = name + ".transposed";
    if (read.add(turned)) {
      try (NDArray view = array.transpose()) {
        graph.addInitializer(Arrays.copied(view).setName(turned));
      }
    }
    return new Tensor(turned, array.getDataType(), array.getShape().dimension());
  }

  /** Known integers, int64 of one axis. */
  Tensor integers(long... values) {
    List<Long> all = LongStream.of(values).boxed().toList();
    return constant(DataType.INT64, all, values.length);
  }

  /** A known number, without axes. */
  Tensor number(Number value, DataType type) {
    return constant(type, List.of(value));
  }

  /**
   * A constant; equal ones are in the graph once.
   *
   * @param values row by row
   */
  Tensor constant(DataType type, List<? extends Number> values, long... sizes) {
    TensorProto array = Arrays.proto(type, values, sizes).build();
    Tensor known = constants.get(array);
    if (known == null) {
      known = new Tensor("/constant_" + constants.size(), type, sizes.length);
      constants.put(array, known);
      graph.addInitializer(array.toBuilder().setName(known.name()));
    }
    return known;
  }
}
