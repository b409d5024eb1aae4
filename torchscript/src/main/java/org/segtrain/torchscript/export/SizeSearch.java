package org.segtrain.torchscript.export;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.segtrain.torchscript.Expr;

/** Looks for the simplest expression over given terms that has given values. */
final class SizeSearch {

  static final String FLOOR_DIV = "torch.floordiv($0, $1)";
  static final String MUL = "torch.mul($0, $1)";
  static final String ADD = "torch.add($0, $1)";
  static final String SUB = "torch.sub($0, $1)";
  static final String REMAINDER = "torch.remainder($0, $1)";
  static final String NEG = "torch.neg($0)";

  private static final int LARGEST_FACTOR = 64;

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
    List<Supplier<Stream<SizeTerm>>> sources =
        List.of(
            near::stream,
            () -> quotients(near),
            () -> products(near, near),
            () -> products(products(near, near).toList(), near),
            () -> scaled(near),
            far::stream,
            found::stream,
            () -> halvedPadding(near),
            () -> scaled(far),
            () -> pairs(near, near),
            () -> pairs(near, found),
            () -> halvedPadding(far),
            () -> scaled(products(near, near).toList()),
            () -> pairs(far, found),
            () -> pairs(far, far));
    return sources.stream()
        .flatMap(Supplier::get)
        .filter(term -> term.values().equals(wanted))
        .map(SizeTerm::expr)
        .findFirst();
  }

  /** {@code s // k, s * k}, what pads s to a multiple of k, that multiple, and {@code s + c}. */
  private Stream<SizeTerm> scaled(List<SizeTerm> terms) {
    return terms.stream()
        .flatMap(
            s ->
                Stream.of(
                        factors().map(k -> s.map(e -> call(FLOOR_DIV, e, k), v -> v / k)),
                        factors().map(k -> s.map(e -> call(MUL, e, k), v -> v * k)),
                        factors().map(k -> s.map(e -> missing(e, k), v -> Math.floorMod(-v, k))),
                        factors().map(k -> s.map(e -> ceiling(e, k), v -> (v + k - 1) / k)),
                        factors()
                            .map(
                                k ->
                                    s.map(
                                        e -> call(MUL, ceiling(e, k), k),
                                        v -> (v + k - 1) / k * k)),
                        Stream.of(shifted(s)))
                    .flatMap(kind -> kind));
  }

  private static Stream<Integer> factors() {
    return IntStream.rangeClosed(2, LARGEST_FACTOR).boxed();
  }

  private static Expr ceiling(Expr size, int divisor) {
    return call(FLOOR_DIV, call(ADD, size, divisor - 1), divisor);
  }

  /** Half of what pads s to a multiple of k, rounded down and up. */
  private static Stream<SizeTerm> halvedPadding(List<SizeTerm> terms) {
    return terms.stream().flatMap(s -> factors().flatMap(k -> halvedPadding(s, k)));
  }

  private static Stream<SizeTerm> halvedPadding(SizeTerm s, int k) {
    return Stream.of(
        s.map(e -> call(FLOOR_DIV, missing(e, k), 2), v -> Math.floorMod(-v, k) / 2),
        s.map(
            e -> call(FLOOR_DIV, call(ADD, missing(e, k), 1), 2),
            v -> (Math.floorMod(-v, k) + 1) / 2));
  }

  private SizeTerm shifted(SizeTerm s) {
    long c = wanted.get(0) - s.values().get(0);
    return s.map(e -> call(ADD, e, c), v -> v + c);
  }

  private static Expr missing(Expr size, int multiple) {
    return call(REMAINDER, Exprs.call(NEG, size), multiple);
  }

  private static Expr call(String template, Expr size, long number) {
    return Exprs.call(template, size, Exprs.number(number));
  }

  private static Stream<SizeTerm> pairs(List<SizeTerm> firsts, List<SizeTerm> seconds) {
    return firsts.stream()
        .flatMap(
            a ->
                seconds.stream()
                    .flatMap(
                        b ->
                            Stream.of(
                                a.with(b, SUB, (x, y) -> x - y),
                                a.with(b, FLOOR_DIV, SizeSearch::divided),
                                a.with(b, ADD, Long::sum))));
  }

  /** The quotient, or where there is none a value that no size has. */
  private static long divided(long x, long y) {
    return y == 0 ? Long.MIN_VALUE : x / y;
  }

  private static Stream<SizeTerm> products(List<SizeTerm> firsts, List<SizeTerm> seconds) {
    return firsts.stream().flatMap(a -> seconds.stream().map(b -> a.with(b, MUL, (x, y) -> x * y)));
  }

  /** {@code s // k} where that leaves no remainder: the number of windows in a padded map. */
  private static Stream<SizeTerm> quotients(List<SizeTerm> terms) {
    return terms.stream()
        .flatMap(
            s ->
                factors()
                    .filter(k -> s.values().stream().allMatch(v -> v % k == 0))
                    .map(k -> s.map(e -> call(FLOOR_DIV, e, k), v -> v / k)));
  }
}
