package org.segtrain.onnx;

import static java.util.Map.entry;

import java.util.Map;

/** Activation functions. */
final class Activations {

  private static final double BETA = 1; // PyTorch's defaults of softplus
  private static final double THRESHOLD = 20;

  static final Map<String, Lowering> ROWS =
      Map.ofEntries(
          entry("torch.relu", Activations::relu),
          entry("torch.tanh", Elementwise.real("Tanh")),
          entry("torch.sigmoid", Elementwise.real("Sigmoid")),
          entry("torch.softplus", Activations::softplus),
          entry("torch.selu", Elementwise.real("Selu")), // the same constants
          entry("torch.hardswish", Elementwise.real("HardSwish")),
          entry("torch.elu", call -> curved(call, "Elu", 1)),
          entry("torch.leaky_relu", call -> curved(call, "LeakyRelu", 0.01)),
          entry("torch.gelu", Activations::gelu),
          entry("torch.silu", Activations::silu));

  private Activations() {}

  /** ONNX Runtime's own node takes no int64. */
  private static Tensor relu(Invocation call) {
    Tensor x = call.array(0);
    if (Types.isFloating(x.type())) {
      return call.node("Relu").in(x).like(x);
    }
    Tensor wide = call.cast(x, Types.arithmetic(x.type()));
    Tensor result = call.node("Max").in(wide, call.nodes().number(0, wide.type())).like(wide);
    return call.cast(result, x.type());
  }

  private static Tensor softplus(Invocation call) {
    call.require(
        call.number(1, BETA) == BETA && call.number(2, THRESHOLD) == THRESHOLD,
        "its beta is not 1 or its threshold not 20");
    return Elementwise.real(call, "Softplus");
  }

  private static Tensor curved(Invocation call, String operator, double alpha) {
    Tensor x = call.array(0);
    return call.node(operator).in(x).set("alpha", call.number(1, alpha)).like(x);
  }

  /** {@code x · (1 + f(x)) / 2}; ONNX has a node for it only since opset 20. */
  private static Tensor gelu(Invocation call) {
    String approximate = call.text("approximate");
    Tensor x = call.array(0);
    Tensor f = approximate.equals("tanh") ? tanhOfCubic(call, x) : errorFunction(call, x);
    Tensor raised = call.node("Add").in(f, call.nodes().number(1, x.type())).like(x);
    Tensor product = call.node("Mul").in(x, raised).like(x);
    return times(call, product, 0.5);
  }

  /** {@code erf(x / √2)}. */
  private static Tensor errorFunction(Invocation call, Tensor x) {
    Tensor root = call.nodes().number(Math.sqrt(2), x.type());
    Tensor scaled = call.node("Div").in(x, root).like(x);
    return call.node("Erf").in(scaled).like(x);
  }

  /** {@code tanh(√(2 / π) (x + 0.044715 x³))}. */
  private static Tensor tanhOfCubic(Invocation call, Tensor x) {
    Tensor square = call.node("Mul").in(x, x).like(x);
    Tensor cube = call.node("Mul").in(square, x).like(x);
    Tensor sum = call.node("Add").in(x, times(call, cube, 0.044715)).like(x);
    return call.node("Tanh").in(times(call, sum, Math.sqrt(2 / Math.PI))).like(x);
  }

  private static Tensor times(Invocation call, Tensor x, double factor) {
    return call.node("Mul").in(x, call.nodes().number(factor, x.type())).like(x);
  }

  private static Tensor silu(Invocation call) {
    Tensor x = call.array(0);
    Tensor gate = call.node("Sigmoid").in(x).like(x);
    return call.node("Mul").in(x, gate).like(x);
  }
}
