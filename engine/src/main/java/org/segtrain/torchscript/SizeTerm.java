package org.segtrain.torchscript;

import java.util.List;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;
import java.util.stream.IntStream;
import org.segtrain.engine.internal.Expr;

/**
 * An integer that an expression over sizes gives.
 *
 * @param expr how
 * @param values what it is in each recording
 */
record SizeTerm(Expr expr, List<Long> values) {

  /** Whether {@code f} of this term is {@code wanted} in each recording. */
  boolean gives(List<Long> wanted, LongUnaryOperator f) {
    for (int i = 0; i < values.size(); i++) {
      if (f.applyAsLong(values.get(i)) != wanted.get(i)) {
        return false;
      }
    }
    return true;
  }

  /** Whether {@code f} of this term and {@code other} is {@code wanted} in each recording. */
  boolean gives(List<Long> wanted, SizeTerm other, LongBinaryOperator f) {
    for (int i = 0; i < values.size(); i++) {
      if (f.applyAsLong(values.get(i), other.values.get(i)) != wanted.get(i)) {
        return false;
      }
    }
    return true;
  }

  /** This term times {@code other}. */
  SizeTerm times(SizeTerm other) {
    return new SizeTerm(
        Exprs.call(SizeSearch.MUL, expr, other.expr),
        IntStream.range(0, values.size())
            .mapToObj(i -> values.get(i) * other.values.get(i))
            .toList());
  }
}
