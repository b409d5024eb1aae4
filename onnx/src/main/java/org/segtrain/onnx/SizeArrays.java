package org.segtrain.onnx;

import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import org.segtrain.engine.internal.Expr;

/** Integers that may depend on the sizes of arrays, as int64 arrays; each is computed once. */
final class SizeArrays {

  private final Nodes nodes;
  private final Function<Expr, Tensor> arrays;
  private final Map<Expr, Tensor> computed = new HashMap<>();

  /**
   * Integers of a graph.
   *
   * @param arrays gives the array that an expression stands for
   */
  SizeArrays(Nodes nodes, Function<Expr, Tensor> arrays) {
    this.nodes = nodes;
    this.arrays = arrays;
  }

  /** {@code e} as an array of one element. */
  Tensor one(Expr e) {
    OptionalLong constant = Integers.constant(e);
    if (constant.isPresent()) {
      return nodes.integers(constant.getAsLong());
    } else if (!Integers.isInteger(e)) {
      throw new Refusal("an array stands where it takes an integer");
    }
    Tensor known = computed.get(e);
    if (known == null) {
      known = compute((Expr.Call) e);
      computed.put(e, known);
    }
    return known;
  }

  /** {@code e} as an array without axes. */
  Tensor scalar(Expr e) {
    OptionalLong constant = Integers.constant(e);
    return constant.isPresent()
        ? nodes.number(constant.getAsLong(), DataType.INT64)
        : nodes.node("Squeeze").in(one(e)).out(DataType.INT64, 0);
  }

  /** The integers {@code all} in one array, of one axis. */
  Tensor list(List<Expr> all) {
    if (all.isEmpty()) {
      return nodes.integers();
    }
    List<Tensor> parts = new ArrayList<>();
    for (int from = 0, to; from < all.size(); from = to) {
      to = from + 1;
      while (to < all.size() && follows(all.get(to - 1), all.get(to))) {
        to++;
      }
      parts.add(run(all.subList(from, to)));
    }
    return parts.size() == 1
        ? parts.get(0)
        : nodes.node("Concat").in(parts).set("axis", 0).out(DataType.INT64, 1);
  }

  /** Whether one node can give both: two constants, or sizes of neighbouring axes. */
  private static boolean follows(Expr before, Expr next) {
    Integers.Size a = Integers.size(before);
    Integers.Size b = Integers.size(next);
    if (a == null || b == null) {
      return Integers.constant(before).isPresent() && Integers.constant(next).isPresent();
    }
    return a.array().equals(b.array()) && a.axis() >= 0 && a.axis() + 1 == b.axis();
  }

  private Tensor run(List<Expr> items) {
    Integers.Size first = Integers.size(items.get(0));
    if (first != null && items.size() > 1) {
      return of(arrays.apply(first.array()), first.axis(), first.axis() + items.size());
    }
    return items.size() == 1
        ? one(items.get(0))
        : nodes.integers(items.stream().mapToLong(e -> Integers.constant(e).getAsLong()).toArray());
  }

  private Tensor compute(Expr.Call e) {
    Integers.Size size = Integers.size(e);
    if (size != null) {
      Tensor array = arrays.apply(size.array());
      int axis = array.axis(size.axis());
      return of(array, axis, axis + 1);
    }
    Operation operation = Operation.of(e);
    List<Expr> a = operation.arguments();
    return switch (operation.name()) {
      case "torch.add" -> node("Add", one(a.get(0)), one(a.get(1)));
      case "torch.sub" -> node("Sub", one(a.get(0)), one(a.get(1)));
      case "torch.mul" -> node("Mul", one(a.get(0)), one(a.get(1)));
      case "torch.neg" -> node("Neg", one(a.get(0)));
      case "torch.floordiv" -> floorDivided(a.get(0), a.get(1));
      default -> node("Mod", one(a.get(0)), one(a.get(1)));
    };
  }

  /** ONNX divides towards zero: a number that may be negative loses its remainder first. */
  private Tensor floorDivided(Expr dividend, Expr divisor) {
    Tensor a = one(dividend);
    Tensor b = one(divisor);
    return Integers.isNatural(dividend) && Integers.isNatural(divisor)
        ? node("Div", a, b)
        : node("Div", node("Sub", a, node("Mod", a, b)), b);
  }

  /** The sizes of the axes {@code from ... to - 1} of {@code array}. */
  Tensor of(Tensor array, int from, int to) {
    return nodes.node("Shape").in(array).set("start", from).set("end", to).out(DataType.INT64, 1);
  }

  private Tensor node(String operator, Tensor... inputs) {
    return nodes.node(operator).in(inputs).out(DataType.INT64, 1);
  }
}
