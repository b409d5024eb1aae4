package org.segtrain.onnx;

import static java.util.Map.entry;

import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.segtrain.engine.internal.Expr;

/** Operations that give the same elements another shape, or repeat them. */
final class Shapes {

  static final Map<String, Lowering> ROWS =
      Map.ofEntries(
          entry("torch.reshape", Shapes::reshape),
          entry("torch.flatten", Shapes::flatten),
          entry("torch.unsqueeze", Shapes::unsqueeze),
          entry("torch.squeeze", Shapes::squeeze),
          entry("torch.permute", Shapes::permute),
          entry("torch.transpose", Shapes::transpose),
          entry("torch.expand", Shapes::expand),
          entry("torch.expand_as", Shapes::expandAs),
          entry("torch.repeat", Shapes::repeat),
          entry("torch.repeat_interleave", Shapes::repeatEach));

  private Shapes() {}

  /** A size that stays in its place is written as 0, which needs no node. */
  private static Tensor reshape(Invocation call) {
    Tensor x = call.array(0);
    List<Expr> sizes = new ArrayList<>(call.items(1));
    for (int axis = 0; axis < Math.min(sizes.size(), x.rank()); axis++) {
      if (new Integers.Size(call.argument(0), axis).equals(Integers.size(sizes.get(axis)))) {
        sizes.set(axis, new Expr.Int(0));
      }
    }
    return reshaped(call, x, call.sizes().list(sizes), sizes.size());
  }

  private static Tensor reshaped(Invocation call, Tensor x, Tensor sizes, int rank) {
    return call.node("Reshape").in(x, sizes).out(x.type(), rank);
  }

  private static Tensor flatten(Invocation call) {
    Tensor x = call.array(0);
    int first = x.axis(call.has(1) ? call.integer(1) : 0);
    int last = x.axis(call.has(2) ? call.integer(2) : -1);
    return merged(call, x, x, first, last);
  }

  private static Tensor unsqueeze(Invocation call) {
    return unsqueezed(call, call.array(0), call.integer(1));
  }

  /** With an axis of size one at {@code axis} of the result. */
  static Tensor unsqueezed(Invocation call, Tensor x, long axis) {
    Tensor at = call.nodes().integers(axis);
    return call.node("Unsqueeze").in(x, at).out(x.type(), x.rank() + 1);
  }

  private static Tensor squeeze(Invocation call) {
    call.require(call.has(1), "which axes go depends on their sizes; name the axis");
    Tensor x = call.array(0);
    Tensor at = call.nodes().integers(call.integer(1));
    return call.node("Squeeze").in(x, at).out(x.type(), x.rank() - 1);
  }

  private static Tensor permute(Invocation call) {
    Tensor x = call.array(0);
    List<Long> axes = call.integers(1).stream().map(axis -> (long) x.axis(axis)).toList();
    return call.node("Transpose").in(x).set("perm", axes).like(x);
  }

  private static Tensor transpose(Invocation call) {
    Tensor x = call.array(0);
    List<Long> axes = LongStream.range(0, x.rank()).boxed().collect(Collectors.toList());
    Collections.swap(axes, x.axis(call.integer(1)), x.axis(call.integer(2)));
    return call.node("Transpose").in(x).set("perm", axes).like(x);
  }

  /** ONNX keeps an axis that is asked to have size 1, PyTorch one that is asked for -1. */
  private static Tensor expand(Invocation call) {
    Expr one = new Expr.Int(1);
    List<Expr> sizes =
        call.items(1).stream().map(size -> size.equals(new Expr.Int(-1)) ? one : size).toList();
    Tensor x = call.array(0);
    return call.node("Expand").in(x, call.sizes().list(sizes)).out(x.type(), sizes.size());
  }

  private static Tensor expandAs(Invocation call) {
    Tensor x = call.array(0);
    Tensor like = call.array(1);
    Tensor sizes = call.sizes().of(like, 0, like.rank());
    return call.node("Expand").in(x, sizes).out(x.type(), like.rank());
  }

  private static Tensor repeat(Invocation call) {
    Tensor x = call.array(0);
    int rank = call.items(1).size();
    if (rank > x.rank()) {
      long[] added = LongStream.range(0, rank - x.rank()).toArray();
      x = call.node("Unsqueeze").in(x, call.nodes().integers(added)).out(x.type(), rank);
    }
    return call.node("Tile").in(x, call.sizes(1)).like(x);
  }

  /** Each element so many times before the next. */
  private static Tensor repeatEach(Invocation call) {
    Tensor x = call.array(0);
    int axis = x.axis(call.integer(2));
    Tensor single = unsqueezed(call, x, axis + 1L);
    List<Expr> times =
        Stream.iterate(0, i -> i + 1)
            .limit(single.rank())
            .map(i -> i == axis + 1 ? call.argument(1) : new Expr.Int(1))
            .toList();
    Tensor many = call.node("Tile").in(single, call.sizes().list(times)).like(single);
    return merged(call, many, x, axis, axis);
  }

  /** {@code x} with the sizes of {@code like}, whose axes {@code first ... last} are one axis. */
  private static Tensor merged(Invocation call, Tensor x, Tensor like, int first, int last) {
    LongStream kept = LongStream.range(0, first).map(axis -> 0);
    Tensor before = call.nodes().integers(LongStream.concat(kept, LongStream.of(-1)).toArray());
    Tensor after = call.sizes().of(like, last + 1, like.rank());
    Tensor all = call.node("Concat").in(before, after).set("axis", 0).out(DataType.INT64, 1);
    return reshaped(call, x, all, like.rank() - (last - first));
  }
}
