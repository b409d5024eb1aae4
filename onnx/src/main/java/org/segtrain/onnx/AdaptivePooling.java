package org.segtrain.onnx;

import ai.djl.ndarray.types.DataType;
import java.util.List;
import org.segtrain.engine.internal.Expr;

/**
 * Means over a grid of cells that tile a map, whatever the map's size. ONNX has no node for it: it
 * is a product with a matrix from either side, {@code L x Rᵀ}, and the matrices are computed from
 * the sizes.
 */
final class AdaptivePooling {

  private final Invocation call;
  private final Tensor x;

  private AdaptivePooling(Invocation call) {
    this.call = call;
    this.x = call.array(0);
  }

  static Tensor of(Invocation call) {
    return new AdaptivePooling(call).pooled(call.items(1));
  }

  private Tensor pooled(List<Expr> grid) {
    if (grid.stream().allMatch(new Expr.Int(1)::equals)) {
      Tensor axes = call.nodes().integers(-2, -1);
      return call.node("ReduceMean").in(x, axes).set("keepdims", 1).like(x);
    }
    Tensor left = shares(x.rank() - 2, grid.get(0)); // h H
    Tensor right = shares(x.rank() - 1, grid.get(1)); // w W
    Tensor rows = Products.product(call.nodes(), left, x);
    return Products.product(call.nodes(), rows, Products.turned(call.nodes(), right));
  }

  /**
   * The share of each of the n pixels along {@code axis} in each of the m cells, {@code m n}. Cell
   * i reaches from ⌊i n / m⌋ to ⌈(i + 1) n / m⌉.
   */
  private Tensor shares(int axis, Expr cells) {
    Tensor pixels = call.sizes().of(x, axis, axis + 1);
    Tensor count = call.sizes().one(cells);
    Tensor cell = column(range(count)); // m 1
    Tensor one = call.nodes().integers(1);
    Tensor start = integer("Div", integer("Mul", cell, pixels), count);
    Tensor next = integer("Mul", integer("Add", cell, one), pixels);
    Tensor end = integer("Div", integer("Add", next, integer("Sub", count, one)), count);

    Tensor pixel = range(pixels); // n
    Tensor after = flags("GreaterOrEqual", pixel, start);
    Tensor before = flags("Less", pixel, end);
    Tensor inside = call.cast(flags("And", after, before), x.type()); // m n
    Tensor size = call.cast(integer("Sub", end, start), x.type()); // m 1
    return call.node("Div").in(inside, size).like(inside);
  }

  private Tensor range(Tensor count) {
    Tensor end = call.node("Squeeze").in(count).out(DataType.INT64, 0);
    Tensor zero = call.nodes().number(0, DataType.INT64);
    Tensor one = call.nodes().number(1, DataType.INT64);
    return call.node("Range").in(zero, end, one).out(DataType.INT64, 1);
  }

  private Tensor column(Tensor row) {
    return Shapes.unsqueezed(call, row, 1);
  }

  private Tensor integer(String operator, Tensor a, Tensor b) {
    return call.node(operator).in(a, b).out(DataType.INT64, Math.max(a.rank(), b.rank()));
  }

  private Tensor flags(String operator, Tensor a, Tensor b) {
    return call.node(operator).in(a, b).out(DataType.BOOLEAN, 2);
  }
}
