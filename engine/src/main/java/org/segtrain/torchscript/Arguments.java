package org.segtrain.torchscript;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import java.util.Arrays;
import java.util.Collection;
import java.util.stream.LongStream;
import org.segtrain.engine.internal.Expr;
import org.segtrain.engine.internal.ScalarTypes;

/** Arguments of operations as expressions, and as the arrays behind them. */
final class Arguments {

  private Arguments() {}

  static Expr expr(Object argument) {
    if (argument == null || argument instanceof SparseFormat) {
      return new Expr.None();
    } else if (argument instanceof NDArray array) {
      return RecordedArray.of(array).value();
    } else if (argument instanceof Expr expr) {
      return expr;
    } else if (argument instanceof Collection<?> list) { // NDList too
      return new Expr.Items(list.stream().map(Arguments::expr).toList());
    } else if (argument instanceof Shape shape) {
      return ints(Arrays.stream(shape.getShape()));
    } else if (argument instanceof long[] array) {
      return ints(Arrays.stream(array));
    } else if (argument instanceof int[] array) {
      return ints(Arrays.stream(array).asLongStream());
    } else if (argument instanceof Integer || argument instanceof Long) {
      return new Expr.Int(((Number) argument).longValue());
    } else if (argument instanceof Float || argument instanceof Double) {
      return new Expr.Real(((Number) argument).doubleValue());
    } else if (argument instanceof Boolean flag) {
      return new Expr.Bool(flag);
    } else if (argument instanceof DataType type && ScalarTypes.has(type)) {
      return new Expr.Type(type);
    }
    throw new UnsupportedOperationException("has the argument %s".formatted(argument));
  }

  private static Expr ints(LongStream values) {
    return new Expr.Items(values.<Expr>mapToObj(Expr.Int::new).toList());
  }

  /** Replaces recording arrays by the arrays they stand for. */
  static Object real(Object argument) {
    if (argument instanceof NDArray array && RecordedArray.is(array)) {
      return RecordedArray.of(array).real();
    } else if (argument instanceof NDList list) {
      return new NDList(list.stream().map(a -> (NDArray) real(a)).toList());
    } else if (argument instanceof NDManager manager) {
      return RecordingManager.real(manager);
    }
    return argument;
  }
}
