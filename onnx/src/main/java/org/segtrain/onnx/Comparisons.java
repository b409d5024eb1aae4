package org.segtrain.onnx;

import static java.util.Map.entry;

import ai.djl.ndarray.types.DataType;
import java.util.Map;

/** Operations whose elements are true or false, and what is chosen by such. */
final class Comparisons {

  static final Map<String, Lowering> ROWS =
      Map.ofEntries(
          entry("torch.eq", call -> compared(call, "Equal")),
          entry("torch.ne", call -> not(call, compared(call, "Equal"))),
          entry("torch.gt", call -> compared(call, "Greater")),
          entry("torch.ge", call -> compared(call, "GreaterOrEqual")),
          entry("torch.lt", call -> compared(call, "Less")),
          entry("torch.le", call -> compared(call, "LessOrEqual")),
          entry("torch.logical_and", call -> both(call, "And")),
          entry("torch.logical_or", call -> both(call, "Or")),
          entry("torch.logical_not", call -> not(call, call.array(0, DataType.BOOLEAN))),
          entry("torch.where", Comparisons::where));

  private Comparisons() {}

  private static Tensor compared(Invocation call, String operator) {
    DataType type = Types.arithmetic(call.promoted(0, 1));
    return call.node(operator)
        .in(call.array(0, type), call.array(1, type))
        .out(DataType.BOOLEAN, call.rank(0, 1));
  }

  private static Tensor both(Invocation call, String operator) {
    return call.node(operator)
        .in(call.array(0, DataType.BOOLEAN), call.array(1, DataType.BOOLEAN))
        .out(DataType.BOOLEAN, call.rank(0, 1));
  }

  private static Tensor not(Invocation call, Tensor condition) {
    return call.node("Not").in(condition).like(condition);
  }

  private static Tensor where(Invocation call) {
    DataType type = call.promoted(1, 2);
    DataType wide = Types.arithmetic(type);
    Tensor result =
        call.node("Where")
            .in(call.array(0, DataType.BOOLEAN), call.array(1, wide), call.array(2, wide))
            .out(wide, call.rank(0, 1, 2));
    return call.cast(result, type);
  }
}
