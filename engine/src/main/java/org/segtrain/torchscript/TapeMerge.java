package org.segtrain.torchscript;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.segtrain.engine.internal.Expr;
import org.segtrain.engine.internal.Graph;

/**
 * Makes one program of several recordings of the same forward pass at different input sizes: an
 * integer that is not the same in all of them becomes an expression over the sizes of earlier
 * arrays.
 */
final class TapeMerge {

  private final List<Tape> tapes;
  private final Map<Integer, List<SizeTerm>> varying = new LinkedHashMap<>(); // by statement
  private final Map<List<Long>, SizeTerm> far = new LinkedHashMap<>(); // the latest of each value
  private final Map<List<Long>, SizeTerm> found = new LinkedHashMap<>();
  private int at; // the statement that is solved

  TapeMerge(List<Tape> tapes) {
    this.tapes = tapes;
  }

  /** The statements of the program. */
  List<Graph.Statement> solve() {
    int steps = tapes.stream().mapToInt(tape -> tape.steps().size()).min().orElseThrow();
    List<Graph.Statement> statements = new ArrayList<>();
    for (at = 0; at < steps; at++) {
      List<Step> same = tapes.stream().map(tape -> tape.steps().get(at)).toList();
      Step first = same.get(0);
      Expr value = merge(same.stream().map(Step::value).toList(), List.of());
      learn(same);
      int dimensions = first.shape() == null ? -1 : first.shape().dimension();
      statements.add(new Graph.Statement(value, first.type(), dimensions, first.block()));
    }
    at = steps - 1;
    check(tapes, tape -> tape.steps().size(), "the number of operations");
    check(tapes, Tape::outputs, "what is returned");
    return statements;
  }

  private void learn(List<Step> same) {
    check(
        same, step -> step.shape() == null ? -1 : step.shape().dimension(), "the axes of a result");
    List<SizeTerm> terms = new ArrayList<>();
    int dimension = same.get(0).shape() == null ? 0 : same.get(0).shape().dimension();
    for (int axis = 0; axis < dimension; axis++) {
      int a = axis;
      List<Long> sizes = same.stream().map(step -> step.shape().get(a)).toList();
      if (sizes.stream().distinct().count() > 1) {
        Expr size = Exprs.call("torch.size($0, $1)", new Expr.Var(at), Exprs.number(axis));
        terms.add(new SizeTerm(size, sizes));
        far.remove(sizes);
        far.put(sizes, new SizeTerm(size, sizes));
      }
    }
    varying.put(at, terms);
  }

  /** One expression for the same place in every recording. */
  private Expr merge(List<Expr> same, List<SizeTerm> operands) {
    Expr first = same.get(0);
    if (same.stream().allMatch(other -> Objects.equals(first, other))) {
      return first;
    } else if (same.stream().allMatch(Expr.Int.class::isInstance)) {
      return size(same.stream().map(e -> ((Expr.Int) e).value()).toList(), operands);
    } else if (same.stream().allMatch(Expr.Items.class::isInstance)) {
      return new Expr.Items(mergeAll(same, e -> ((Expr.Items) e).items(), operands));
    } else if (same.stream().allMatch(Expr.Call.class::isInstance)) {
      check(same, e -> ((Expr.Call) e).template(), "an operation");
      List<SizeTerm> sizes = new ArrayList<>(operands);
      Exprs.reads(first).forEach(id -> sizes.addAll(varying.getOrDefault(id, List.of())));
      return new Expr.Call(
          ((Expr.Call) first).template(), mergeAll(same, e -> ((Expr.Call) e).arguments(), sizes));
    }
    throw differ("an argument", same.stream().map(Code::of).collect(Collectors.joining(", ")));
  }

  private List<Expr> mergeAll(
      List<Expr> same, Function<Expr, List<Expr>> parts, List<SizeTerm> operands) {
    List<List<Expr>> all = same.stream().map(parts).toList();
    check(all, List::size, "the number of arguments");
    return IntStream.range(0, all.get(0).size())
        .mapToObj(i -> merge(all.stream().map(list -> list.get(i)).toList(), operands))
        .toList();
  }

  private Expr size(List<Long> wanted, List<SizeTerm> operands) {
    List<SizeTerm> latestFirst = new ArrayList<>(far.values());
    Collections.reverse(latestFirst);
    Expr expr =
        new SizeSearch(wanted)
            .find(distinct(operands), latestFirst, List.copyOf(found.values()))
            .orElseThrow(() -> differ("a size", wanted.toString()));
    found.putIfAbsent(wanted, new SizeTerm(expr, wanted));
    return expr;
  }

  /** The first term of each value. */
  private static List<SizeTerm> distinct(List<SizeTerm> terms) {
    Map<List<Long>, SizeTerm> distinct = new LinkedHashMap<>();
    terms.forEach(term -> distinct.putIfAbsent(term.values(), term));
    return List.copyOf(distinct.values());
  }

  private <T> void check(List<T> same, Function<T, Object> property, String what) {
    List<Object> values = same.stream().map(property).toList();
    if (values.stream().distinct().count() > 1) {
      throw differ(what, values.toString());
    }
  }

  private IllegalArgumentException differ(String what, String values) {
    Step step = tapes.get(0).steps().get(at);
    String operation =
        step.value() instanceof Expr.Call call
            ? " (%s)".formatted(call.template().replaceAll("\\(.*", ""))
            : "";
    return new IllegalArgumentException(
        ("operation %d%s%s cannot be exported: %s depends on the input's size in no way known: %s;"
                + " record inputs of one size only, or let the block compute it from torch.size in"
                + " Aten.call, without a branch on the size")
            .formatted(
                at,
                operation,
                step.block().isEmpty() ? "" : " in block " + step.block(),
                what,
                values));
  }
}
