package org.segtrain.onnx;

import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.segtrain.engine.internal.Expr;

/** Expressions that are integers: numbers, sizes of arrays, and arithmetic over such. */
final class Integers {

  private static final String SIZE = "torch.size";
  private static final Set<String> ARITHMETIC =
      Set.of(
          "torch.add", "torch.sub", "torch.mul", "torch.neg", "torch.floordiv", "torch.remainder");

  /**
   * The size of one axis of an array.
   *
   * @param array an expression
   * @param axis counted from the end if it is negative
   */
  record Size(Expr array, int axis) {}

  private Integers() {}

  /** Whether {@code e} is an integer, rather than an array. */
  static boolean isInteger(Expr e) {
    if (e instanceof Expr.Call call) {
      Operation operation = Operation.of(call);
      return operation.name().equals(SIZE)
          || (ARITHMETIC.contains(operation.name())
              && operation.named().isEmpty()
              && operation.arguments().stream().allMatch(Integers::isInteger));
    }
    return e instanceof Expr.Int;
  }

  /** The size that {@code e} is, without further arithmetic, or null. */
  static Size size(Expr e) {
    if (!(e instanceof Expr.Call call) || !Operation.of(call).name().equals(SIZE)) {
      return null;
    }
    List<Expr> arguments = Operation.of(call).arguments();
    return new Size(arguments.get(0), (int) constant(arguments.get(1)).orElseThrow());
  }

  /** The value of {@code e} if it is an integer that depends on no array. */
  static OptionalLong constant(Expr e) {
    if (e instanceof Expr.Int number) {
      return OptionalLong.of(number.value());
    }
    if (!(e instanceof Expr.Call call) || !isInteger(e) || size(e) != null) {
      return OptionalLong.empty();
    }
    Operation operation = Operation.of(call);
    List<OptionalLong> values = operation.arguments().stream().map(Integers::constant).toList();
    if (!values.stream().allMatch(OptionalLong::isPresent)) {
      return OptionalLong.empty();
    }
    long[] known = values.stream().mapToLong(OptionalLong::getAsLong).toArray();
    return OptionalLong.of(evaluate(operation.name(), known));
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

  /** Whether the integer {@code e} is surely not negative. */
  static boolean isNatural(Expr e) {
    if (e instanceof Expr.Call call) {
      Operation operation = Operation.of(call);
      return switch (operation.name()) {
        case SIZE -> true;
        case "torch.add", "torch.mul", "torch.floordiv" ->
            operation.arguments().stream().allMatch(Integers::isNatural);
        case "torch.remainder" -> isNatural(operation.arguments().get(1));
        default -> false;
      };
    }
    return e instanceof Expr.Int number && number.value() >= 0;
  }
}
