package org.segtrain.onnx;

import ai.djl.ndarray.types.DataType;
import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A node while its inputs and attributes are gathered. */
final class Node {

  private final Nodes nodes;
  private final NodeProto.Builder proto;
  private int leftOut; // inputs since the last that is there

  Node(Nodes nodes, String operator) {
    this.nodes = nodes;
    this.proto = NodeProto.newBuilder().setOpType(operator);
  }

  /** The next inputs; null for one that is left out. */
  Node in(Tensor... inputs) {
    for (Tensor input : inputs) {
      if (input == null) {
        leftOut++;
      } else {
        // only before another: a trailing empty name makes ONNX Runtime 1.22 crash
        Collections.nCopies(leftOut, "").forEach(proto::addInput);
        leftOut = 0;
        proto.addInput(input.name());
      }
    }
    return this;
  }

  Node in(List<Tensor> inputs) {
    return in(inputs.toArray(Tensor[]::new));
  }

  Node set(String name, long value) {
    return set(attribute(name, AttributeProto.AttributeType.INT).setI(value));
  }

  /** None for the default. */
  Node set(String name, List<Long> values) {
    return values.isEmpty()
        ? this
        : set(attribute(name, AttributeProto.AttributeType.INTS).addAllInts(values));
  }

  Node set(String name, double value) {
    return set(attribute(name, AttributeProto.AttributeType.FLOAT).setF((float) value));
  }

  Node set(String name, String value) {
    return set(
        attribute(name, AttributeProto.AttributeType.STRING).setS(ByteString.copyFromUtf8(value)));
  }

  /** An array of one element. */
  Node set(String name, Number value, DataType type) {
    return set(
        attribute(name, AttributeProto.AttributeType.TENSOR)
            .setT(Arrays.proto(type, List.of(value), 1)));
  }

  private Node set(AttributeProto.Builder attribute) {
    proto.addAttribute(attribute);
    return this;
  }

  private static AttributeProto.Builder attribute(String name, AttributeProto.AttributeType type) {
    return AttributeProto.newBuilder().setName(name).setType(type);
  }

  /** Adds the node and gives its output. */
  Tensor out(DataType type, int rank) {
    return out(List.of(type), rank).get(0);
  }

  /** Adds the node and gives its outputs, one of each type. */
  List<Tensor> out(List<DataType> types, int rank) {
    String name = nodes.nameOf(proto.getOpType());
    List<Tensor> outputs = new ArrayList<>();
    for (DataType type : types) {
      String suffix = outputs.isEmpty() ? "" : ":" + outputs.size();
      outputs.add(new Tensor(name + suffix, type, rank));
      proto.addOutput(name + suffix);
    }
    nodes.graph().addNode(proto.setName(name));
    return outputs;
  }

  /** Adds the node under the name {@code name}, which is that of its output. */
  void called(String name) {
    nodes.graph().addNode(proto.setName(name).addOutput(name));
  }

  /** Adds a node whose output is of the type and rank of {@code like}. */
  Tensor like(Tensor like) {
    return out(like.type(), like.rank());
  }
}
