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
          entry("torch.floor", same("Floor")),
          entry("torch.ceil", same("Ceil")),
          entry("torch.round", same("Round")), // both to the even neighbour
          entry("torch.relu", same("Relu")),
          entry("torch.sqrt", real("Sqrt")),
          entry("torch.exp", real("Exp")),
          entry("torch.log", real("Log")),
          entry("torch.sin", real("Sin")),
          entry("torch.cos", real("Cos")),
          entry("torch.erf", real("Erf")),
          entry("torch.tanh", real("Tanh")),
          entry("torch.sigmoid", real("Sigmoid")),
          entry("torch.softplus", real("Softplus")),
          entry("torch.selu", real("Selu")), // the same constants
          entry("torch.hardswish", real("HardSwish")),
          entry("torch.elu", call -> curved(call, "Elu", 1)),
          entry("torch.leaky_relu", call -> curved(call, "LeakyRelu", 0.01)),
          entry("torch.log2", Elementwise::log2),
          entry("torch.gelu", Elementwise::gelu),
          entry("torch.silu", Elementwise::silu),
          entry("torch.square", Elementwise::square),
          entry("torch.add", call -> sum(call, "Add")),
          entry("torch.sub", call -> sum(call, "Sub")),
          entry("torch.mul", call -> pair(call, "Mul", call.promoted(0, 1))),
          entry("torch.div", call -> pair(call, "Div", Types.floating(call.promoted(0, 1)))),
          entry("torch.pow", call -> pair(call, "Pow", call.promoted(0, 1))),
          entry("torch.maximum", call -> pair(call, "Max", call.promoted(0, 1))),
          entry("torch.minimum", call -> pair(call, "Min", call.promoted(0, 1))),
          entry("torch.remainder", Elementwise::remainder),
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
    return call -> call.node(operator).in(call.array(0)).like(call.array(0));
  }

  /** Of integers too, which become floating first. */
  private static Lowering real(String operator) {
    return call -> {
      Tensor x = floating(call);
      return call.node(operator).in(x).like(x);
    };
  }

  private static Tensor floating(Invocation call) {
    return call.cast(call.array(0), Types.floating(call.array(0).type()));
  }

  private static Tensor curved(Invocation call, String operator, double alpha) {
    Tensor x = call.array(0);
    return call.node(operator).in(x).set("alpha", call.number(1, alpha)).like(x);
  }

  private static Tensor log2(Invocation call) {
    Tensor x = floating(call);
    Tensor natural = call.node("Log").in(x).like(x);
    return call.node("Div").in(natural, call.nodes().number(Math.log(2), x.type())).like(x);
  }

  /** {@code x · (1 + erf(x / √2)) / 2}; ONNX has a node for it only since opset 20. */
  private static Tensor gelu(Invocation call) {
    Tensor x = call.array(0);
    Tensor root = call.nodes().number(Math.sqrt(2), x.type());
    Tensor scaled = call.node("Div").in(x, root).like(x);
    Tensor erf = call.node("Erf").in(scaled).like(x);
    Tensor raised = call.node("Add").in(erf, call.nodes().number(1, x.type())).like(x);
    Tensor product = call.node("Mul").in(x, raised).like(x);
    return call.node("Mul").in(product, call.nodes().number(0.5, x.type())).like(x);
  }

  private static Tensor silu(Invocation call) {
    Tensor x = call.array(0);
    Tensor gate = call.node("Sigmoid").in(x).like(x);
    return call.node("Mul").in(x, gate).like(x);
  }

  private static Tensor square(Invocation call) {
    Tensor x = call.array(0);
    return call.node("Mul").in(x, x).like(x);
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
    Tensor x = call.array(0, type);
    Tensor y = call.array(1, type);
    Tensor scaled = call.node("Mul").in(y, call.nodes().number(alpha, type)).like(y);
    return call.node(operator).in(x, scaled).out(type, call.rank(0, 1));
  }

  /** Of the sign of the divisor, which ONNX's own node only gives for integers. */
  private static Tensor remainder(Invocation call) {
    DataType type = call.promoted(0, 1);
    if (!Types.isFloating(type)) {
      return pair(call, "Mod", type);
    }
    Tensor divisor = call.array(1, type);
    int rank = call.rank(0, 1);
    Tensor rest = call.node("Mod").in(call.array(0, type), divisor).set("fmod", 1).out(type, rank);
    Tensor product = call.node("Mul").in(rest, divisor).out(type, rank);
    Tensor differ =
        call.node("Less").in(product, call.nodes().number(0, type)).out(DataType.BOOLEAN, rank);
    Tensor moved = call.node("Add").in(rest, divisor).out(type, rank);
    return call.node("Where").in(differ, moved, rest).out(type, rank);
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
    Tensor low = call.has(1) ? call.array(1, type) : null;
    Tensor high = call.has(2) ? call.array(2, type) : null;
    return call.node("Clip").in(call.array(0, type), low, high).out(type, call.rank(0));
  }

  private static Tensor to(Invocation call) {
    return call.cast(call.array(0), call.type(1));
  }

  private static Tensor unchanged(Invocation call) {
    return call.array(0);
  }

  private static Tensor dropout(Invocation call) {
    call.require(!call.flag(2), "it draws random numbers; record the model for inference");
    return call.array(0);
  }
}
