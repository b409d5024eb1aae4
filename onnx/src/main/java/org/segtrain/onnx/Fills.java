package org.segtrain.onnx;

import static java.util.Map.entry;

import ai.djl.ndarray.types.DataType;
import java.util.Map;

/** New arrays of numbers that are not computed from others. */
final class Fills {

  static final Map<String, Lowering> ROWS =
      Map.ofEntries(
          entry("torch.zeros", call -> filled(call, 0, 0, call.type("dtype", DataType.FLOAT32))),
          entry("torch.ones", call -> filled(call, 0, 1, call.type("dtype", DataType.FLOAT32))),
          entry("torch.full", Fills::full),
          entry("torch.new_zeros", call -> filled(call, 1, 0, ofType(call))),
          entry("torch.new_ones", call -> filled(call, 1, 1, ofType(call))),
          entry("torch.new_full", call -> filled(call, 1, call.number(2, 0), ofType(call))),
          entry("torch.zeros_like", call -> filledLike(call, 0)),
          entry("torch.ones_like", call -> filledLike(call, 1)),
          entry("torch.arange", Fills::range),
          entry("torch.one_hot", Fills::oneHot));

  private Fills() {}

  /** Of the sizes in argument {@code sizes}. */
  private static Tensor filled(Invocation call, int sizes, Number value, DataType type) {
    return call.node("ConstantOfShape")
        .in(call.sizes(sizes))
        .set("value", value, type)
        .out(type, call.items(sizes).size());
  }

  private static Tensor full(Invocation call) {
    return filled(call, 0, call.number(1, 0), call.type("dtype", call.promoted(1)));
  }

  private static Tensor filledLike(Invocation call, Number value) {
    Tensor x = call.array(0);
    DataType type = ofType(call);
    return call.node("ConstantOfShape")
        .in(call.sizes().of(x, 0, x.rank()))
        .set("value", value, type)
        .out(type, x.rank());
  }

  /** As given, or that of the array. */
  private static DataType ofType(Invocation call) {
    return call.type("dtype", call.array(0).type());
  }

  private static Tensor range(Invocation call) {
    DataType type = call.type("dtype", call.promoted(0, 1, 2));
    return call.node("Range")
        .in(call.array(0, type), call.array(1, type), call.array(2, type))
        .out(type, 1);
  }

  private static Tensor oneHot(Invocation call) {
    Tensor x = call.array(0);
    call.require(call.integer(1) > 0, "the number of classes depends on the values; give it");
    Tensor offAndOn = call.nodes().integers(0, 1);
    return call.node("OneHot")
        .in(x, call.sizes().scalar(call.argument(1)), offAndOn)
        .set("axis", -1)
        .out(DataType.INT64, x.rank() + 1);
  }
}
