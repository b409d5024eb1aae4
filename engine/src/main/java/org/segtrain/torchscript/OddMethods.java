package org.segtrain.torchscript;

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
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.segtrain.engine.internal.Expr;

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

  private static final Map<String, Odd> METHODS =
      Map.ofEntries(
          Map.entry("concat(NDList,int)", (self, a) -> joined("torch.cat($0, $1)", self, a)),
          Map.entry("stack(NDList,int)", (self, a) -> joined("torch.stack($0, $1)", self, a)),
          Map.entry("split(long,int)", OddMethods::split),
          Map.entry(
              "interpolation(long[],int,boolean)",
              (self, a) ->
                  Exprs.call(INTERPOLATIONS[(int) a[1]], self.value(), Arguments.expr(a[0]))),
          Map.entry(
              "batchNorm(NDArray,NDArray,NDArray,NDArray,NDArray,int,float,float,boolean)",
              OddMethods::batchNorm),
          Map.entry("squeeze(int[])", OddMethods::squeeze),
          Map.entry("transpose()", OddMethods::transpose),
          Map.entry("tile(long)", OddMethods::tile),
          Map.entry("repeat(long[])", OddMethods::repeat),
          Map.entry("get(NDManager,NDIndex)", OddMethods::index),
          Map.entry("get(NDManager,long[])", OddMethods::item));

  /** How one of them is written. */
  private interface Odd {
    Expr expr(RecordedArray self, Object[] arguments);
  }

  private OddMethods() {}

  /** All of them. */
  static Set<String> signatures() {
    return METHODS.keySet();
  }

  /**
   * The expression for {@code method}, or null if it is a regular one.
   *
   * @throws UnsupportedOperationException if there is none, with what it would do
   */
  static Expr expr(RecordedArray self, Method method, Object[] arguments) {
    if (OF_MAPS.contains(method.getName()) && dimension(self) != MAP) {
      throw new UnsupportedOperationException(
          "takes %d axes, but only those of B C H W are exported".formatted(dimension(self)));
    }
    Odd odd = METHODS.get(Methods.signature(method));
    return odd == null ? null : odd.expr(self, arguments);
  }

  private static int dimension(RecordedArray array) {
    return array.real().getShape().dimension();
  }

  private static Expr split(RecordedArray self, Object[] a) {
    long size = self.real().getShape().get((int) a[1]) / (long) a[0];
    return Exprs.call(
        "torch.split($0, $1, $2)", self.value(), new Expr.Int(size), Arguments.expr(a[1]));
  }

  private static Expr batchNorm(RecordedArray self, Object[] a) {
    if ((int) a[5] != 1 && (int) a[5] != -1) {
      throw new UnsupportedOperationException("over axis " + a[5]);
    }
    return Exprs.call(
        "torch.batch_norm($0, $1, $2, $3, $4, self.training, $5, $6, True)",
        Arguments.expr(a[0]),
        Arguments.expr(a[3]),
        Arguments.expr(a[4]),
        Arguments.expr(a[1]),
        Arguments.expr(a[2]),
        Arguments.expr(1f - (float) a[6]),
        Arguments.expr(a[7]));
  }

  private static Expr squeeze(RecordedArray self, Object[] a) {
    Expr squeezed = self.value();
    int[] axes = Arrays.stream((int[]) a[0]).sorted().toArray();
    for (int i = axes.length - 1; i >= 0; i--) {
      squeezed = Exprs.call("torch.squeeze($0, $1)", squeezed, new Expr.Int(axes[i]));
    }
    return squeezed;
  }

  private static Expr transpose(RecordedArray self, Object[] none) {
    int last = dimension(self) - 1;
    int[] axes = IntStream.rangeClosed(0, last).map(axis -> last - axis).toArray();
    return Exprs.call("torch.permute($0, $1)", self.value(), Arguments.expr(axes));
  }

  private static Expr tile(RecordedArray self, Object[] a) {
    long[] times = new long[dimension(self)];
    Arrays.fill(times, (long) a[0]);
    return Exprs.call("torch.repeat($0, $1)", self.value(), Arguments.expr(times));
  }

  private static Expr repeat(RecordedArray self, Object[] a) {
    Expr repeated = self.value();
    long[] times = (long[]) a[0];
    for (int axis = 0; axis < times.length; axis++) {
      repeated =
          Exprs.call(
              "torch.repeat_interleave($0, $2, $1)",
              repeated,
              Exprs.number(axis),
              Exprs.number(times[axis]));
    }
    return repeated;
  }

  private static Expr item(RecordedArray self, Object[] a) {
    Expr item = self.value();
    for (long i : (long[]) a[1]) {
      item = Exprs.call("torch.select($0, 0, $1)", item, new Expr.Int(i));
    }
    return item;
  }

  private static Expr joined(String template, RecordedArray self, Object[] a) {
    List<Expr> all = new ArrayList<>(List.of(self.value()));
    ((NDList) a[0]).forEach(array -> all.add(Arguments.expr(array)));
    return Exprs.call(template, new Expr.Items(all), Arguments.expr(a[1]));
  }

  private static Expr index(RecordedArray self, Object[] a) {
    NDIndex index = (NDIndex) a[1];
    long axes = index.getIndices().stream().filter(e -> !(e instanceof NDIndexNull)).count();
    Expr value = self.value();
    int axis = 0;
    int position = 0;
    for (NDIndexElement element : index.getIndices()) {
      if (position++ == index.getEllipsisIndex()) {
        axis += dimension(self) - (int) axes;
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
