package org.segtrain.torchscript.export;

import java.util.List;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.segtrain.torchscript.Expr;

/**
 * An integer that an expression over sizes gives.
 *
 * @param expr how
 * @param values what it is in each recording
 */
record SizeTerm(Expr expr, List<Long> values) {

  /** {@code f} of this term. */
  SizeTerm map(UnaryOperator<Expr> how, LongUnaryOperator f) {
    return new SizeTerm(how.apply(expr), values.stream().map(f::applyAsLong).toList());
  }

  /** {@code f} of this term and {@code other}. */
  SizeTerm with(SizeTerm other, String template, LongBinaryOperator f) {
    return new SizeTerm(
        Exprs.call(template, expr, other.expr),
        IntStream.range(0, values.size())
            .mapToObj(i -> f.applyAsLong(values.get(i), other.values.get(i)))
            .toList());
  }
}
