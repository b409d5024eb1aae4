package org.segtrain.onnx;

import static java.util.Map.entry;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Convolutions and pooling of maps. */
final class Convolutions {

  static final Map<String, Lowering> ROWS =
      Map.ofEntries(
          entry("torch.conv2d", Convolutions::convolution),
          entry("torch.max_pool2d", Convolutions::maxPool),
          entry("torch.avg_pool2d", Convolutions::averagePool),
          entry("torch.adaptive_avg_pool2d", AdaptivePooling::of));

  private Convolutions() {}

  private static Tensor convolution(Invocation call) {
    Tensor x = call.array(0);
    return call.node("Conv")
        .in(x, call.array(1), call.array(2))
        .set("strides", call.integers(3))
        .set("pads", bothSides(call.integers(4)))
        .set("dilations", call.integers(5))
        .set("group", call.integer(6, 1))
        .like(x);
  }

  private static Tensor maxPool(Invocation call) {
    call.require(!call.flag(5), "it rounds sizes up");
    return pool(call, "MaxPool").set("dilations", call.integers(4)).like(call.array(0));
  }

  private static Tensor averagePool(Invocation call) {
    call.require(!call.flag(4), "it rounds sizes up");
    return pool(call, "AveragePool")
        .set("count_include_pad", call.flag(5, true) ? 1 : 0)
        .like(call.array(0));
  }

  private static Node pool(Invocation call, String operator) {
    List<Long> kernel = call.integers(1);
    List<Long> stride = call.integers(2);
    return call.node(operator)
        .in(call.array(0))
        .set("kernel_shape", kernel)
        .set("strides", stride.isEmpty() ? kernel : stride)
        .set("pads", bothSides(call.integers(3)));
  }

  /** PyTorch pads both ends of an axis alike; ONNX lists all beginnings, then all ends. */
  private static List<Long> bothSides(List<Long> padding) {
    return Stream.concat(padding.stream(), padding.stream()).toList();
  }
}
