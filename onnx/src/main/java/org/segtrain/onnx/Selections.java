package org.segtrain.onnx;

import static java.util.Map.entry;

import ai.djl.ndarray.types.DataType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.segtrain.engine.internal.Expr;

/** Operations that take a part of the elements, or take them in another order. */
final class Selections {

  private static final Expr ZERO = new Expr.Int(0);
  private static final Expr END = new Expr.Int(Long.MAX_VALUE);

  static final Map<String, Lowering> ROWS =
      Map.ofEntries(
          entry("torch.select", Selections::select),
          entry("torch.slice", Selections::slice),
          entry("torch.split", Selections::split),
          entry("torch.tensor_split", Selections::splitAt),
          entry("torch.flip", Selections::flip),
          entry("torch.roll", Selections::roll),
          entry("torch.gather", Selections::gather),
          entry("torch.index_select", call -> rows(call, call.array(0), 1, 2)),
          entry("torch.embedding", Selections::embedded));

  private Selections() {}

  private static Tensor select(Invocation call) {
    Tensor x = call.array(0);
    Tensor index = call.sizes().scalar(call.argument(2));
    return call.node("Gather")
        .in(x, index)
        .set("axis", x.axis(call.integer(1)))
        .out(x.type(), x.rank() - 1);
  }

  private static Tensor slice(Invocation call) {
    Expr from = call.has(2) ? call.argument(2) : ZERO;
    Expr to = call.has(3) ? call.argument(3) : END;
    Tensor steps = call.nodes().integers(call.has(4) ? call.integer(4) : 1);
    Tensor x = call.array(0);
    return call.node("Slice")
        .in(x, call.sizes().one(from), call.sizes().one(to), axis(call, 1), steps)
        .like(x);
  }

  private static Tensor axis(Invocation call, int argument) {
    return call.nodes().integers(call.integer(argument));
  }

  private static Tensor between(Invocation call, Tensor x, Tensor axis, Expr from, Expr to) {
    return call.node("Slice").in(x, call.sizes().one(from), call.sizes().one(to), axis).like(x);
  }

  /** Parts of one size, the last of what is left. */
  private static Parts split(Invocation call) {
    Expr size = call.argument(1);
    Tensor x = call.array(0);
    Tensor axis = axis(call, 2);
    return i -> between(call, x, axis, times(size, i), times(size, i + 1));
  }

  private static Expr times(Expr size, long factor) {
    return new Expr.Call("torch.mul($0, $1)", List.of(size, new Expr.Int(factor)));
  }

  /** Parts that begin at the given places. */
  private static Parts splitAt(Invocation call) {
    List<Expr> starts = call.items(1);
    Tensor x = call.array(0);
    Tensor axis = axis(call, 2);
    return i ->
        between(
            call,
            x,
            axis,
            i == 0 ? ZERO : starts.get((int) i - 1),
            i == starts.size() ? END : starts.get((int) i));
  }

  private static Tensor flip(Invocation call) {
    long[] axes = call.integers(1).stream().mapToLong(axis -> axis).toArray();
    Tensor last = call.nodes().integers(filled(axes.length, -1));
    Tensor before = call.nodes().integers(filled(axes.length, -Long.MAX_VALUE));
    Tensor x = call.array(0);
    return call.node("Slice").in(x, last, before, call.nodes().integers(axes), last).like(x);
  }

  private static long[] filled(int length, long value) {
    long[] array = new long[length];
    Arrays.fill(array, value);
    return array;
  }

  /** The last elements before the first, along each axis in turn. */
  private static Tensor roll(Invocation call) {
    List<Expr> shifts = call.items(1);
    List<Long> axes = call.integers(2);
    Tensor x = call.array(0);
    for (int i = 0; i < shifts.size(); i++) {
      x = rolled(call, x, call.sizes().one(shifts.get(i)), x.axis(axes.get(i)));
    }
    return x;
  }

  private static Tensor rolled(Invocation call, Tensor x, Tensor shift, int axis) {
    Tensor size = call.sizes().of(x, axis, axis + 1);
    Tensor back = call.node("Sub").in(size, shift).like(size);
    Tensor start = call.node("Mod").in(back, size).like(size);
    Tensor along = call.nodes().integers(axis);
    Tensor end = call.nodes().integers(Long.MAX_VALUE);
    Tensor tail = call.node("Slice").in(x, start, end, along).like(x);
    Tensor head = call.node("Slice").in(x, call.nodes().integers(0), start, along).like(x);
    return call.node("Concat").in(tail, head).set("axis", axis).like(x);
  }

  private static Tensor gather(Invocation call) {
    Tensor x = call.array(0);
    return call.node("GatherElements")
        .in(x, call.array(2))
        .set("axis", x.axis(call.integer(1)))
        .like(x);
  }

  private static Tensor embedded(Invocation call) {
    call.ignore(2, 3, 4); // what the gradient leaves out, its scale and its form
    return rows(call, call.array(0), -1, 1);
  }

  /** Whole rows; the axis is in argument {@code axis}, or the first for -1. */
  private static Tensor rows(Invocation call, Tensor table, int axis, int indices) {
    Tensor which = call.array(indices, DataType.INT64);
    return call.node("Gather")
        .in(table, which)
        .set("axis", axis < 0 ? 0 : table.axis(call.integer(axis)))
        .out(table.type(), table.rank() - 1 + which.rank());
  }
}
