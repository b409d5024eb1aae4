package org.segtrain.onnx;

import static java.util.Map.entry;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.segtrain.engine.internal.Expr;

/** Operations that put arrays side by side, or numbers around them. */
final class Joins {

  static final Map<String, Lowering> ROWS =
      Map.ofEntries(
          entry("torch.cat", Joins::concatenate),
          entry("torch.stack", Joins::stack),
          entry("torch.constant_pad_nd", Joins::pad));

  private Joins() {}

  private static Tensor concatenate(Invocation call) {
    List<Tensor> arrays = call.arrays(0);
    Tensor first = arrays.get(0);
    int axis = first.axis(call.has(1) ? call.integer(1) : 0);
    return call.node("Concat").in(arrays).set("axis", axis).like(first);
  }

  private static Tensor stack(Invocation call) {
    List<Tensor> arrays = call.arrays(0);
    int rank = arrays.get(0).rank() + 1;
    long given = call.has(1) ? call.integer(1) : 0;
    long axis = given < 0 ? given + rank : given;
    List<Tensor> wider =
        arrays.stream().map(array -> Shapes.unsqueezed(call, array, axis)).toList();
    return call.node("Concat").in(wider).set("axis", axis).like(wider.get(0));
  }

  /** PyTorch gives a pair for each axis, last axis first; ONNX all beginnings, then all ends. */
  private static Tensor pad(Invocation call) {
    Tensor x = call.array(0);
    List<Expr> pairs = call.items(1);
    List<Expr> sides = new ArrayList<>();
    long[] axes = new long[pairs.size() / 2];
    for (int i = 0; i < axes.length; i++) {
      axes[i] = x.rank() - 1L - i;
      sides.add(i, pairs.get(2 * i));
      sides.add(pairs.get(2 * i + 1));
    }
    Tensor value = call.nodes().number(call.number(2, 0), x.type());
    return call.node("Pad")
        .in(x, call.sizes().list(sides), value, call.nodes().integers(axes))
        .like(x);
  }
}
