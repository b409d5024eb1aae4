package org.segtrain.onnx;

import static java.util.Map.entry;

import ai.djl.ndarray.types.DataType;
import java.util.Map;

/** Operations on each element, and on pairs of elements. */
final class Elementwise {

  static final Map<String, Lowering> ROWS =
      Map.ofEntries(
          entry("torch.neg", same("Neg")),
          entry("torch.abs", same("Abs")),
          entry("torch.sign", same("Sign")),
          entry("torch.floor", rounded("Floor")),
          entry("torch.ceil", rounded("Ceil")),
          entry("torch.round", rounded("Round")), // both to the even neighbour
          entry("torch.sqrt", real("Sqrt")),
          entry("torch.exp", real("Exp")),
          entry("torch.log", real("Log")),
          entry("torch.sin", real("Sin")),
          entry("torch.cos", real("Cos")),
          entry("torch.erf", real("Erf")),
          entry("torch.log2", Elementwise::log2),
          entry("torch.square", Elementwise::square),
          entry("torch.add", call -> sum(call, "Add")),
          entry("torch.sub", call -> sum(call, "Sub")),
          entry("torch.mul", call -> pair(call, "Mul", call.promoted(0, 1))),
          entry("torch.pow", call -> pair(call, "Pow", call.promoted(0, 1))),
          entry("torch.maximum", call -> pair(call, "Max", call.promoted(0, 1))),
          entry("torch.minimum", call -> pair(call, "Min", call.promoted(0, 1))),
          entry("torch.addcmul", Elementwise::addProduct),
          entry("torch.clamp", Elementwise::clamp),
          entry("torch.clamp_min", call -> pair(call, "Max", call.promoted(0, 1))),
          entry("torch.to", Elementwise::to),
          entry("torch.clone", Elementwise::unchanged),
          entry("torch.detach", Elementwise::unchanged),
          entry("torch.contiguous", Elementwise::unchanged), // the order in memory is not ONNX's
          entry("torch.dropout", Elementwise::dropout),
          entry("torch.feature_dropout", Elementwise::dropout));

  private Elementwise() {}

  private static Lowering same(String operator) {
    return call -> {
      DataType type = call.array(0).type();
      Tensor x = call.array(0, Types.arithmetic(type));
      return call.cast(call.node(operator).in(x).like(x), type);
    };
  }

  /** Integers are whole already, and ONNX's node does not take them. */
  private static Lowering rounded(String operator) {
    return call -> {
      Tensor x = call.array(0);
      return Types.isFloating(x.type()) ? call.node(operator).in(x).like(x) : x;
    };
  }

  /** Of integers too, which become floating first. */
  static Lowering real(String operator) {
    return call -> real(call, operator);
  }

  static Tensor real(Invocation call, String operator) {
    Tensor x = floating(call);
    return call.node(operator).in(x).like(x);
  }

  private static Tensor floating(Invocation call) {
    return call.cast(call.array(0), Types.floating(call.array(0).type()));
  }

  private static Tensor log2(Invocation call) {
    Tensor x = floating(call);
    Tensor natural = call.node("Log").in(x).like(x);
    return call.node("Div").in(natural, call.nodes().number(Math.log(2), x.type())).like(x);
  }

  private static Tensor square(Invocation call) {
    DataType given = call.array(0).type();
    DataType type = given == DataType.BOOLEAN ? DataType.INT64 : given; // as any power of flags
    Tensor x = call.array(0, Types.arithmetic(type));
    return call.cast(call.node("Mul").in(x, x).like(x), type);
  }

  /** The operator on both arguments as elements of {@code type}. */
  static Tensor pair(Invocation call, String operator, DataType type) {
    DataType wide = Types.arithmetic(type);
    Tensor result =
        call.node(operator).in(call.array(0, wide), call.array(1, wide)).out(wide, call.rank(0, 1));
    return call.cast(result, type);
  }

  /** With the factor {@code alpha} of the second argument. */
  private static Tensor sum(Invocation call, String operator) {
    DataType type = call.promoted(0, 1);
    double alpha = call.number("alpha", 1);
    if (alpha == 1) {
      return pair(call, operator, type);
    }
    DataType wide = Types.arithmetic(type);
    Tensor y = call.array(1, wide);
    Tensor scaled = call.node("Mul").in(y, call.nodes().number(alpha, wide)).like(y);
    Tensor result = call.node(operator).in(call.array(0, wide), scaled).out(wide, call.rank(0, 1));
    return call.cast(result, type);
  }

  private static Tensor addProduct(Invocation call) {
    DataType type = call.promoted(0, 1, 2);
    call.require(call.number("value", 1) == 1, "its product has a factor");
    int rank = call.rank(0, 1, 2);
    Tensor product = call.node("Mul").in(call.array(1, type), call.array(2, type)).out(type, rank);
    return call.node("Add").in(call.array(0, type), product).out(type, rank);
  }

  private static Tensor clamp(Invocation call) {
    DataType type = call.promoted(0, 1, 2);
    if (call.isArray(1) || call.isArray(2)) {
      return call.cast(between(call, Types.arithmetic(type)), type);
    }
    Tensor low = call.has(1) ? call.array(1, type) : null;
    Tensor high = call.has(2) ? call.array(2, type) : null;
    return call.node("Clip").in(call.array(0, type), low, high).out(type, call.rank(0));
  }

  /** ONNX's own node takes no bounds with axes. */
  private static Tensor between(Invocation call, DataType type) {
    Tensor x = call.array(0, type);
    if (call.has(1)) {
      x = call.node("Max").in(x, call.array(1, type)).out(type, call.rank(0, 1));
    }
    return call.has(2)
        ? call.node("Min").in(x, call.array(2, type)).out(type, call.rank(0, 1, 2))
        : x;
  }

  private static Tensor to(Invocation call) {
    call.ignore(2, 3, 4); // when, where and in which order the elements are copied
    return call.cast(call.array(0), call.type(1));
  }

  private static Tensor unchanged(Invocation call) {
    return call.array(0);
  }

  private static Tensor dropout(Invocation call) {
    call.ignore(1); // the probability
    call.require(!call.flag(2), "it draws random numbers; record the model for inference");
    return call.array(0);
  }
}
