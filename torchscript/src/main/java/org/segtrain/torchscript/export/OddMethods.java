package org.segtrain.torchscript.export;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.index.dim.NDIndexAll;
import ai.djl.ndarray.index.dim.NDIndexElement;
import ai.djl.ndarray.index.dim.NDIndexFixed;
import ai.djl.ndarray.index.dim.NDIndexNull;
import ai.djl.ndarray.index.dim.NDIndexSlice;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.segtrain.torchscript.Expr;

/** The methods whose TorchScript is more than their arguments in some order. */
final class OddMethods {

  private static final String[] INTERPOLATIONS = { // by DJL's number
    "torch.upsample_nearest2d($0, $1)",
    "torch._upsample_bilinear2d_aa($0, $1, False)",
    "torch.adaptive_avg_pool2d($0, $1)",
    "torch._upsample_bicubic2d_aa($0, $1, False)"
  };

  /** Methods whose TorchScript is for maps, {@code B C H W}. */
  private static final Set<String> OF_MAPS =
      Set.of(
          "convolution", "maxPool", "avgPool", "globalAvgPool", "globalMaxPool", "interpolation");

  private static final int MAP = 4;

  private OddMethods() {}

  /**
   * The expression for {@code method}, or null if it is a regular one.
   *
   * @throws UnsupportedOperationException if there is none, with what it would do
   */
  static Expr expr(RecordedArray self, Method method, Object[] a) {
    Expr x = self.value();
    if (OF_MAPS.contains(method.getName()) && self.real().getShape().dimension() != MAP) {
      throw new UnsupportedOperationException(
          "takes %d axes, but only those of B C H W are exported"
              .formatted(self.real().getShape().dimension()));
    }
    return switch (Methods.signature(method)) {
      case "concat(NDList,int)" ->
          Exprs.call("torch.cat($0, $1)", joined(x, (NDList) a[0]), Arguments.expr(a[1]));
      case "stack(NDList,int)" ->
          Exprs.call("torch.stack($0, $1)", joined(x, (NDList) a[0]), Arguments.expr(a[1]));
      case "split(long,int)" -> {
        long parts = (long) a[0];
        long size = self.real().getShape().get((int) a[1]) / parts;
        yield Exprs.call("torch.split($0, $1, $2)", x, new Expr.Int(size), Arguments.expr(a[1]));
      }
      case "interpolation(long[],int,boolean)" ->
          Exprs.call(INTERPOLATIONS[(int) a[1]], x, Arguments.expr(a[0]));
      case "batchNorm(NDArray,NDArray,NDArray,NDArray,NDArray,int,float,float,boolean)" -> {
        if ((int) a[5] != 1 && (int) a[5] != -1) {
          throw new UnsupportedOperationException("over axis " + a[5]);
        }
        yield Exprs.call(
            "torch.batch_norm($0, $1, $2, $3, $4, self.training, $5, $6, True)",
            Arguments.expr(a[0]),
            Arguments.expr(a[3]),
            Arguments.expr(a[4]),
            Arguments.expr(a[1]),
            Arguments.expr(a[2]),
            Arguments.expr(1f - (float) a[6]),
            Arguments.expr(a[7]));
      }
      case "squeeze(int[])" -> {
        Expr squeezed = x;
        int[] axes = Arrays.stream((int[]) a[0]).sorted().toArray();
        for (int i = axes.length - 1; i >= 0; i--) {
          squeezed = Exprs.call("torch.squeeze($0, $1)", squeezed, new Expr.Int(axes[i]));
        }
        yield squeezed;
      }
      case "transpose()" -> {
        int last = self.real().getShape().dimension() - 1;
        int[] axes = IntStream.rangeClosed(0, last).map(axis -> last - axis).toArray();
        yield Exprs.call("torch.permute($0, $1)", x, Arguments.expr(axes));
      }
      case "tile(long)" -> {
        long[] times = new long[self.real().getShape().dimension()];
        Arrays.fill(times, (long) a[0]);
        yield Exprs.call("torch.repeat($0, $1)", x, Arguments.expr(times));
      }
      case "repeat(long[])" -> {
        Expr repeated = x;
        long[] times = (long[]) a[0];
        for (int axis = 0; axis < times.length; axis++) {
          repeated =
              Exprs.call(
                  "torch.repeat_interleave($0, $2, $1)",
                  repeated,
                  Exprs.number(axis),
                  Exprs.number(times[axis]));
        }
        yield repeated;
      }
      case "get(NDManager,NDIndex)" -> index(x, (NDIndex) a[1], self.real().getShape().dimension());
      case "get(NDManager,long[])" -> {
        Expr item = x;
        for (long i : (long[]) a[1]) {
          item = Exprs.call("torch.select($0, 0, $1)", item, new Expr.Int(i));
        }
        yield item;
      }
      default -> null;
    };
  }

  private static Expr joined(Expr first, NDList rest) {
    List<Expr> all = new ArrayList<>(List.of(first));
    rest.forEach(array -> all.add(Arguments.expr(array)));
    return new Expr.Items(all);
  }

  private static Expr index(Expr x, NDIndex index, int dimension) {
    long axes = index.getIndices().stream().filter(e -> !(e instanceof NDIndexNull)).count();
    Expr value = x;
    int axis = 0;
    int position = 0;
    for (NDIndexElement element : index.getIndices()) {
      if (position++ == index.getEllipsisIndex()) {
        axis += dimension - (int) axes;
      }
      Expr at = new Expr.Int(axis);
      if (element instanceof NDIndexFixed fixed) {
        value = Exprs.call("torch.select($0, $1, $2)", value, at, new Expr.Int(fixed.getIndex()));
        continue; // the axis is gone
      } else if (element instanceof NDIndexNull) {
        value = Exprs.call("torch.unsqueeze($0, $1)", value, at);
      } else if (element instanceof NDIndexSlice slice) {
        value =
            Exprs.call(
                "torch.slice($0, $1, $2, $3, $4)",
                value,
                at,
                Arguments.expr(slice.getMin()),
                Arguments.expr(slice.getMax()),
                Arguments.expr(slice.getStep() == null ? Long.valueOf(1) : slice.getStep()));
      } else if (!(element instanceof NDIndexAll)) {
        throw new UnsupportedOperationException(
            "an index with a " + element.getClass().getSimpleName());
      }
      axis++;
    }
    return value;
  }
}
