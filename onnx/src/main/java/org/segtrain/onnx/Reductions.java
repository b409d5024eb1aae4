package org.segtrain.onnx;

import static java.util.Map.entry;

import ai.djl.ndarray.types.DataType;
import java.util.List;
import java.util.Map;

/** Operations along axes. */
final class Reductions {

  static final Map<String, Lowering> ROWS =
      Map.ofEntries(
          entry("torch.sum", call -> reduced(call, "ReduceSum", summable(call))),
          entry("torch.mean", call -> reduced(call, "ReduceMean", call.array(0))),
          entry("torch.max", call -> extreme(call, "ReduceMax")),
          entry("torch.min", call -> extreme(call, "ReduceMin")),
          entry("torch.amax", call -> extreme(call, "ReduceMax")),
          entry("torch.amin", call -> extreme(call, "ReduceMin")),
          entry("torch.norm", Reductions::norm),
          entry("torch.argmax", call -> place(call, "ArgMax")),
          entry("torch.argmin", call -> place(call, "ArgMin")),
          entry("torch.topk", Reductions::largest),
          entry("torch.cumsum", Reductions::cumulated),
          entry("torch.softmax", call -> normalized(call, "Softmax")),
          entry("torch.log_softmax", call -> normalized(call, "LogSoftmax")));

  private Reductions() {}

  /** Over the axes in argument 1, all where there are none; argument 2 says whether they stay. */
  private static Tensor reduced(Invocation call, String operator, Tensor x) {
    return reduced(call, operator, x, call.integers(1), call.flag(2));
  }

  private static Tensor reduced(
      Invocation call, String operator, Tensor x, List<Long> axes, boolean keep) {
    int gone = axes.isEmpty() ? x.rank() : axes.size();
    Tensor places =
        axes.isEmpty() ? null : call.nodes().integers(axes.stream().mapToLong(a -> a).toArray());
    return call.node(operator)
        .in(x, places)
        .set("keepdims", keep ? 1 : 0)
        .out(x.type(), keep ? x.rank() : x.rank() - gone);
  }

  private static Tensor extreme(Invocation call, String operator) {
    DataType type = call.array(0).type();
    return call.cast(reduced(call, operator, call.array(0, Types.arithmetic(type))), type);
  }

  /** PyTorch sums integers and flags as int64. */
  private static Tensor summable(Invocation call) {
    Tensor x = call.array(0);
    return Types.isFloating(x.type()) ? x : call.cast(x, DataType.INT64);
  }

  private static Tensor norm(Invocation call) {
    double p = call.number(1, 2);
    call.require(p == 1 || p == 2, "only norms of order 1 and 2 have a node, not " + p);
    return reduced(
        call, p == 1 ? "ReduceL1" : "ReduceL2", call.array(0), call.integers(2), call.flag(3));
  }

  private static Tensor place(Invocation call, String operator) {
    call.require(call.has(1), "it counts through all axes; flatten first and name axis 0");
    Tensor x = call.array(0);
    boolean keep = call.flag(2);
    return call.node(operator)
        .in(x)
        .set("axis", call.integer(1))
        .set("keepdims", keep ? 1 : 0)
        .out(DataType.INT64, keep ? x.rank() : x.rank() - 1);
  }

  /** The values, then their places. */
  private static Parts largest(Invocation call) {
    Tensor x = call.array(0);
    Node node =
        call.node("TopK")
            .in(x, call.nodes().integers(call.integer(1)))
            .set("axis", call.integer(2, -1))
            .set("largest", call.flag(3, true) ? 1 : 0)
            .set("sorted", call.flag(4, true) ? 1 : 0);
    List<Tensor> both = node.out(List.of(x.type(), DataType.INT64), x.rank());
    return i -> both.get((int) i);
  }

  private static Tensor cumulated(Invocation call) {
    Tensor x = summable(call);
    Tensor axis = call.nodes().number(call.integer(1), DataType.INT64);
    return call.node("CumSum").in(x, axis).like(x);
  }

  private static Tensor normalized(Invocation call, String operator) {
    Tensor x = call.has(2) ? call.array(0, call.type(2)) : call.array(0);
    return call.node(operator).in(x).set("axis", call.integer(1)).like(x);
  }
}
