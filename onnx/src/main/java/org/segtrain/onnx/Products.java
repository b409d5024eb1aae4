package org.segtrain.onnx;

import static java.util.Map.entry;

import ai.djl.ndarray.types.DataType;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.segtrain.engine.internal.Expr;

/** Products of matrices, and attention. */
final class Products {

  static final Map<String, Lowering> ROWS =
      Map.ofEntries(
          entry("torch.matmul", call -> product(call.nodes(), call.array(0), call.array(1))),
          entry("torch.bmm", call -> product(call.nodes(), call.array(0), call.array(1))),
          entry("torch.mm", call -> product(call.nodes(), call.array(0), call.array(1))),
          entry("torch.linear", Products::linear),
          entry("torch.scaled_dot_product_attention", Products::attention));

  private Products() {}

  /** Of matrices in the last two axes; an array of one axis is a vector. */
  static Tensor product(Nodes nodes, Tensor a, Tensor b) {
    int vectors = (a.rank() == 1 ? 1 : 0) + (b.rank() == 1 ? 1 : 0);
    int rank = Math.max(2, Math.max(a.rank(), b.rank())) - vectors;
    return nodes.node("MatMul").in(a, b).out(a.type(), rank);
  }

  /** {@code array} with its last two axes exchanged. */
  static Tensor turned(Nodes nodes, Tensor array) {
    List<Long> axes = LongStream.range(0, array.rank()).boxed().collect(Collectors.toList());
    Collections.swap(axes, array.rank() - 1, array.rank() - 2);
    return nodes.node("Transpose").in(array).set("perm", axes).like(array);
  }

  /** Tools that quantise a file take the products with an array of the file alone. */
  private static Tensor linear(Invocation call) {
    Tensor weight =
        call.argument(1) instanceof Expr.Parameter own
            ? call.nodes().turnedParameter(own.name())
            : turned(call.nodes(), call.array(1));
    Tensor product = product(call.nodes(), call.array(0), weight);
    return call.has(2) ? call.node("Add").in(product, call.array(2)).like(product) : product;
  }

  /** {@code softmax(scale · q kᵀ + bias) v}. */
  private static Tensor attention(Invocation call) {
    call.require(call.number(4, 0) == 0, "it drops weights at random");
    call.require(!call.flag(5), "it is causal");
    Tensor q = call.array(0);
    Tensor scaled = call.node("Mul").in(q, scale(call, q)).like(q);
    Tensor scores = product(call.nodes(), scaled, turned(call.nodes(), call.array(1)));
    if (call.has(3)) {
      scores = call.node("Add").in(scores, bias(call, q.type())).like(scores);
    }
    Tensor weights = call.node("Softmax").in(scores).set("axis", -1).like(scores);
    return product(call.nodes(), weights, call.array(2));
  }

  /** As given, or one over the root of the number of channels. */
  private static Tensor scale(Invocation call, Tensor q) {
    double given = call.number("scale", Double.NaN);
    if (!Double.isNaN(given)) {
      return call.nodes().number(given, q.type());
    }
    Tensor channels = call.sizes().of(q, q.rank() - 1, q.rank());
    Tensor real = call.cast(channels, q.type());
    Tensor root = call.node("Sqrt").in(real).like(real);
    return call.node("Reciprocal").in(root).like(root);
  }

  private static Tensor bias(Invocation call, DataType type) {
    Tensor bias = call.array(3);
    call.require(bias.type() == type, "its mask is of type " + bias.type() + "; give a bias");
    return bias;
  }
}
