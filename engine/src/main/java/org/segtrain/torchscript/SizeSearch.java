package org.segtrain.torchscript;

import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.LongBinaryOperator;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.segtrain.engine.internal.Expr;

/** Looks for the simplest expression over given terms that has given values. */
final class SizeSearch {

  static final String MUL = "torch.mul($0, $1)";
  private static final String FLOOR_DIV = "torch.floordiv($0, $1)";
  private static final String ADD = "torch.add($0, $1)";
  private static final String SUB = "torch.sub($0, $1)";
  private static final String REMAINDER = "torch.remainder($0, $1)";
  private static final String NEG = "torch.neg($0)";

  private static final int LARGEST_FACTOR = 64;

  /**
   * A size and a small number made one.
   *
   * @param value of both
   * @param expr that computes it
   */
  private record Scaling(LongBinaryOperator value, BiFunction<Expr, Integer, Expr> expr) {}

  private static final Scaling QUOTIENT =
      new Scaling(SizeSearch::exact, (s, k) -> call(FLOOR_DIV, s, k));

  /** {@code s // k, s * k}, what pads s to a multiple of k, {@code ⌈s / k⌉}, that multiple. */
  private static final List<Scaling> SCALINGS =
      List.of(
          new Scaling((s, k) -> s / k, (s, k) -> call(FLOOR_DIV, s, k)),
          new Scaling((s, k) -> s * k, (s, k) -> call(MUL, s, k)),
          new Scaling((s, k) -> Math.floorMod(-s, k), SizeSearch::missing),
          new Scaling((s, k) -> (s + k - 1) / k, SizeSearch::ceiling),
          new Scaling((s, k) -> (s + k - 1) / k * k, (s, k) -> call(MUL, ceiling(s, k), k)));

  /** Half of what pads s to a multiple of k, rounded down and up. */
  private static final List<Scaling> HALVED_PADDINGS =
      List.of(
          new Scaling(
              (s, k) -> Math.floorMod(-s, k) / 2, (s, k) -> call(FLOOR_DIV, missing(s, k), 2)),
          new Scaling(
              (s, k) -> (Math.floorMod(-s, k) + 1) / 2,
              (s, k) -> call(FLOOR_DIV, call(ADD, missing(s, k), 1), 2)));

  private final List<Long> wanted;

  SizeSearch(List<Long> wanted) {
    this.wanted = wanted;
  }

  /**
   * Tries simple expressions before longer ones.
   *
   * @param near sizes of the operands, which come first
   * @param far sizes of every earlier array
   * @param found what was found for other integers
   */
  Optional<Expr> find(List<SizeTerm> near, List<SizeTerm> far, List<SizeTerm> found) {
    List<Supplier<Stream<Expr>>> sources =
        List.of(
            () -> among(near),
            () -> scaled(near, List.of(QUOTIENT)),
            () -> pairs(near, near, MUL, (a, b) -> a * b),
            () -> pairs(products(near), near, MUL, (a, b) -> a * b),
            () -> scaled(near, SCALINGS),
            () -> proportional(near),
            () -> shifted(near),
            () -> among(far),
            () -> among(found),
            () -> scaled(near, HALVED_PADDINGS),
            () -> scaled(far, SCALINGS),
            () -> proportional(far),
            () -> shifted(far),
            () -> pairs(near, near),
            () -> pairs(near, found),
            () -> scaled(far, HALVED_PADDINGS),
            () -> scaled(products(near), SCALINGS),
            () -> proportional(products(near)),
            () -> pairs(far, found),
            () -> pairs(far, far));
    return sources.stream().flatMap(Supplier::get).findFirst();
  }

  private Stream<Expr> among(List<SizeTerm> terms) {
    return terms.stream().filter(term -> term.values().equals(wanted)).map(SizeTerm::expr);
  }

  private Stream<Expr> scaled(List<SizeTerm> terms, List<Scaling> scalings) {
    return terms.stream().flatMap(s -> scalings.stream().flatMap(scaling -> scaled(s, scaling)));
  }

  private Stream<Expr> scaled(SizeTerm s, Scaling scaling) {
    return IntStream.rangeClosed(2, LARGEST_FACTOR)
        .filter(k -> s.gives(wanted, size -> scaling.value().applyAsLong(size, k)))
        .mapToObj(k -> scaling.expr().apply(s.expr(), k));
  }

  /** {@code s * k} and, where nothing remains, {@code s // k}, for any k. */
  private Stream<Expr> proportional(List<SizeTerm> terms) {
    long first = wanted.get(0);
    return terms.stream()
        .flatMap(
            s -> {
              long size = s.values().get(0);
              if (size < 1 || first < 1) {
                return Stream.empty();
              }
              long factor = first / size;
              long divisor = size / first;
              if (factor > 0 && s.gives(wanted, each -> each * factor)) {
                return Stream.of(call(MUL, s.expr(), factor));
              }
              return divisor > 0 && s.gives(wanted, each -> exact(each, divisor))
                  ? Stream.of(call(FLOOR_DIV, s.expr(), divisor))
                  : Stream.empty();
            });
  }

  private static long exact(long size, long divisor) {
    return size % divisor == 0 ? size / divisor : -1;
  }

  /** {@code s + c}. */
  private Stream<Expr> shifted(List<SizeTerm> terms) {
    return terms.stream()
        .flatMap(
            s -> {
              long c = wanted.get(0) - s.values().get(0);
              return s.gives(wanted, size -> size + c)
                  ? Stream.of(call(ADD, s.expr(), c))
                  : Stream.empty();
            });
  }

  private Stream<Expr> pairs(List<SizeTerm> firsts, List<SizeTerm> seconds) {
    return Stream.of(
            pairs(firsts, seconds, SUB, (a, b) -> a - b),
            pairs(firsts, seconds, ADD, Long::sum),
            pairs(firsts, seconds, MUL, (a, b) -> a * b),
            pairs(firsts, seconds, FLOOR_DIV, (a, b) -> b == 0 ? -1 : a / b))
        .flatMap(kind -> kind);
  }

  private Stream<Expr> pairs(
      List<SizeTerm> firsts, List<SizeTerm> seconds, String template, LongBinaryOperator f) {
    return firsts.stream()
        .flatMap(
            a ->
                seconds.stream()
                    .filter(b -> a.gives(wanted, b, f))
                    .map(b -> Exprs.call(template, a.expr(), b.expr())));
  }

  private static List<SizeTerm> products(List<SizeTerm> terms) {
    return terms.stream().flatMap(a -> terms.stream().map(a::times)).toList();
  }

  private static Expr missing(Expr size, int multiple) {
    return call(REMAINDER, Exprs.call(NEG, size), multiple);
  }

  private static Expr ceiling(Expr size, int divisor) {
    return call(FLOOR_DIV, call(ADD, size, divisor - 1), divisor);
  }

  private static Expr call(String template, Expr size, long number) {
    return Exprs.call(template, size, Exprs.number(number));
  }
}
