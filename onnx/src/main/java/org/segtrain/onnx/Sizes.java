package org.segtrain.onnx;

import ai.djl.ndarray.types.DataType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import org.segtrain.torchscript.Expr;

/**
 * Integers that depend on the sizes of arrays, each computed once, as int64 arrays of one element.
 */
final class Sizes {

  private static final String SIZE = "torch.size";
  private static final Set<String> ARITHMETIC =
      Set.of(
          "torch.add", "torch.sub", "torch.mul", "torch.neg", "torch.floordiv", "torch.remainder");

  private final Nodes nodes;
  private final Function<Expr, Tensor> arrays;
  private final Map<Expr, Tensor> known = new HashMap<>();

  /**
   * Integers of a graph.
   *
   * @param arrays gives the array that an expression stands for
   */
  Sizes(Nodes nodes, Function<Expr, Tensor> arrays) {
    this.nodes = nodes;
    this.arrays = arrays;
  }

  /** Whether {@code e} is an integer, rather than an array. */
  static boolean isInteger(Expr e) {
    if (e instanceof Expr.Call call) {
      Operation operation = Operation.of(call);
      return operation.name().equals(SIZE)
          || (ARITHMETIC.contains(operation.name())
              && operation.named().isEmpty()
              && operation.arguments().stream().allMatch(Sizes::isInteger));
    }
    return e instanceof Expr.Int;
  }

  /** The value of {@code e} if it depends on no array. */
  static OptionalLong constant(Expr e) {
    if (e instanceof Expr.Int known) {
      return OptionalLong.of(known.value());
    } else if (!(e instanceof Expr.Call call) || !isInteger(e)) {
      return OptionalLong.empty();
    } else {
      Operation operation = Operation.of(call);
      List<OptionalLong> values = operation.arguments().stream().map(Sizes::constant).toList();
      return operation.name().equals(SIZE) || !values.stream().allMatch(OptionalLong::isPresent)
          ? OptionalLong.empty()
          : OptionalLong.of(
              evaluate(
                  operation.name(), values.stream().mapToLong(OptionalLong::getAsLong).toArray()));
    }
  }

  private static long evaluate(String name, long[] a) {
    return switch (name) {
      case "torch.add" -> a[0] + a[1];
      case "torch.sub" -> a[0] - a[1];
      case "torch.mul" -> a[0] * a[1];
      case "torch.neg" -> -a[0];
      case "torch.floordiv" -> Math.floorDiv(a[0], a[1]);
      default -> Math.floorMod(a[0], a[1]);
    };
  }

  /** {@code e} as an array of one element. */
  Tensor one(Expr e) {
    OptionalLong constant = constant(e);
    if (constant.isPresent()) {
      return nodes.integers(constant.getAsLong());
    } else if (!isInteger(e)) {
      throw new Refusal("an array stands where it takes an integer");
    }
    Tensor size = known.get(e);
    if (size == null) {
      size = compute(Operation.of((Expr.Call) e));
      known.put(e, size);
    }
    return size;
  }

  /** {@code e} as an array without axes. */
  Tensor scalar(Expr e) {
    OptionalLong constant = constant(e);
    return constant.isPresent()
        ? nodes.number(constant.getAsLong(), DataType.INT64)
        : nodes.node("Squeeze").in(one(e)).out(DataType.INT64, 0);
  }

  /** The integers {@code all} in one array. */
  Tensor list(List<Expr> all) {
    List<OptionalLong> constants = all.stream().map(Sizes::constant).toList();
    if (constants.stream().allMatch(OptionalLong::isPresent)) {
      return nodes.integers(constants.stream().mapToLong(OptionalLong::getAsLong).toArray());
    }
    List<Tensor> ones = all.stream().map(this::one).toList();
    return nodes.node("Concat").in(ones).set("axis", 0).out(DataType.INT64, 1);
  }

  private Tensor compute(Operation operation) {
    List<Expr> a = operation.arguments();
    return switch (operation.name()) {
      case SIZE -> {
        Tensor array = arrays.apply(a.get(0));
        int axis = array.axis(constant(a.get(1)).orElseThrow());
        yield of(array, axis, axis + 1);
      }
      case "torch.add" -> node("Add", one(a.get(0)), one(a.get(1)));
      case "torch.sub" -> node("Sub", one(a.get(0)), one(a.get(1)));
      case "torch.mul" -> node("Mul", one(a.get(0)), one(a.get(1)));
      case "torch.neg" -> node("Neg", one(a.get(0)));
      case "torch.floordiv" -> floorDivided(a.get(0), a.get(1));
      default -> node("Mod", one(a.get(0)), one(a.get(1)));
    };
  }

  /** ONNX divides towards zero: what is not surely positive loses its remainder first. */
  private Tensor floorDivided(Expr dividend, Expr divisor) {
    Tensor a = one(dividend);
    Tensor b = one(divisor);
    return isNatural(dividend) && isNatural(divisor)
        ? node("Div", a, b)
        : node("Div", node("Sub", a, node("Mod", a, b)), b);
  }

  private static boolean isNatural(Expr e) {
    if (e instanceof Expr.Call call) {
      Operation operation = Operation.of(call);
      return switch (operation.name()) {
        case SIZE -> true;
        case "torch.add", "torch.mul", "torch.floordiv" ->
            operation.arguments().stream().allMatch(Sizes::isNatural);
        case "torch.remainder" -> isNatural(operation.arguments().get(1));
        default -> false;
      };
    }
    return e instanceof Expr.Int known && known.value() >= 0;
  }

  /** The sizes of the axes {@code from ... to - 1} of {@code array}. */
  Tensor of(Tensor array, int from, int to) {
    return nodes.node("Shape").in(array).set("start", from).set("end", to).out(DataType.INT64, 1);
  }

  private Tensor node(String operator, Tensor... inputs) {
    return nodes.node(operator).in(inputs).out(DataType.INT64, 1);
  }
}
