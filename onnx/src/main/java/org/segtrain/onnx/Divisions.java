package org.segtrain.onnx;

import static java.util.Map.entry;

import ai.djl.ndarray.types.DataType;
import java.util.Map;

/** Quotients, exact or rounded, and what is left over. */
final class Divisions {

  static final Map<String, Lowering> ROWS =
      Map.ofEntries(
          entry("torch.div", Divisions::quotient),
          entry("torch.remainder", call -> remainder(call, call.promoted(0, 1))));

  private Divisions() {}

  private static Tensor quotient(Invocation call) {
    DataType type = call.promoted(0, 1);
    return switch (call.text("rounding_mode")) {
      case "trunc" -> truncated(call, type);
      case "floor" -> Types.isFloating(type) ? floored(call, type) : flooredIntegers(call, type);
      default -> Elementwise.pair(call, "Div", Types.floating(type));
    };
  }

  /** ONNX divides integers towards zero. */
  private static Tensor truncated(Invocation call, DataType type) {
    Tensor quotient = Elementwise.pair(call, "Div", type);
    if (!Types.isFloating(type)) {
      return quotient;
    }
    Tensor size = call.node("Abs").in(quotient).like(quotient);
    Tensor whole = call.node("Floor").in(size).like(quotient);
    return call.node("Mul").in(call.node("Sign").in(quotient).like(quotient), whole).like(quotient);
  }

  /** A number that may be negative loses its remainder first. */
  private static Tensor flooredIntegers(Invocation call, DataType type) {
    DataType wide = Types.arithmetic(type);
    int rank = call.rank(0, 1);
    Tensor rest = call.cast(remainder(call, type), wide);
    Tensor multiple = call.node("Sub").in(call.array(0, wide), rest).out(wide, rank);
    Tensor result = call.node("Div").in(multiple, call.array(1, wide)).out(wide, rank);
    return call.cast(result, type);
  }

  /**
   * As PyTorch computes it: the floor of a quotient that was rounded up would be too much by one.
   */
  private static Tensor floored(Invocation call, DataType type) {
    Tensor x = call.array(0, type);
    Tensor divisor = call.array(1, type);
    int rank = call.rank(0, 1);
    Tensor rest = rest(call, type);
    Tensor multiple = call.node("Sub").in(x, rest).out(type, rank);
    Tensor ratio = call.node("Div").in(multiple, divisor).out(type, rank);
    Tensor whole = call.node("Round").in(ratio).like(ratio);
    Tensor below = call.node("Sub").in(whole, call.nodes().number(1, type)).like(whole);
    Tensor floor = call.node("Where").in(isOpposite(call, rest, divisor), below, whole).like(whole);
    Tensor byZero =
        call.node("Equal")
            .in(divisor, call.nodes().number(0, type))
            .out(DataType.BOOLEAN, divisor.rank());
    Tensor exact = call.node("Div").in(x, divisor).like(whole);
    return call.node("Where").in(byZero, exact, floor).like(whole);
  }

  /** Of the sign of the divisor, which ONNX's own node only gives for integers. */
  private static Tensor remainder(Invocation call, DataType type) {
    if (!Types.isFloating(type)) {
      return Elementwise.pair(call, "Mod", type);
    }
    Tensor divisor = call.array(1, type);
    Tensor rest = rest(call, type);
    Tensor moved = call.node("Add").in(rest, divisor).like(rest);
    return call.node("Where").in(isOpposite(call, rest, divisor), moved, rest).like(rest);
  }

  /** Of the sign of the dividend. */
  private static Tensor rest(Invocation call, DataType type) {
    return call.node("Mod")
        .in(call.array(0, type), call.array(1, type))
        .set("fmod", 1)
        .out(type, call.rank(0, 1));
  }

  /** Whether the signs differ. */
  private static Tensor isOpposite(Invocation call, Tensor rest, Tensor divisor) {
    Tensor product = call.node("Mul").in(rest, divisor).like(rest);
    Tensor zero = call.nodes().number(0, rest.type());
    return call.node("Less").in(product, zero).out(DataType.BOOLEAN, rest.rank());
  }
}
