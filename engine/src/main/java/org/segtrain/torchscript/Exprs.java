package org.segtrain.torchscript;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.segtrain.engine.internal.Expr;

/** Shorthands for expressions. */
final class Exprs {

  private Exprs() {}

  static Expr call(String template, Expr... arguments) {
    return new Expr.Call(template, List.of(arguments));
  }

  static Expr number(long value) {
    return new Expr.Int(value);
  }

  /** {@code expr} with each of its parts, innermost first, replaced by what {@code rule} gives. */
  static Expr rewrite(Expr expr, UnaryOperator<Expr> rule) {
    if (expr instanceof Expr.Items list) {
      return rule.apply(new Expr.Items(rewrite(list.items(), rule)));
    } else if (expr instanceof Expr.Call call) {
      return rule.apply(new Expr.Call(call.template(), rewrite(call.arguments(), rule)));
    }
    return expr == null ? null : rule.apply(expr);
  }

  private static List<Expr> rewrite(List<Expr> all, UnaryOperator<Expr> rule) {
    return all.stream().map(each -> rewrite(each, rule)).toList();
  }

  /** {@code expr} and all that it is made of. */
  static Stream<Expr> parts(Expr expr) {
    List<Expr> inner = List.of();
    if (expr instanceof Expr.Items list) {
      inner = list.items();
    } else if (expr instanceof Expr.Call call) {
      inner = call.arguments();
    }
    return Stream.concat(Stream.of(expr), inner.stream().flatMap(Exprs::parts));
  }

  /** The statements that {@code expr} reads. */
  static List<Integer> reads(Expr expr) {
    return parts(expr)
        .filter(Expr.Var.class::isInstance)
        .map(part -> ((Expr.Var) part).id())
        .collect(Collectors.toList());
  }
}
