package org.segtrain.torchscript;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.segtrain.engine.internal.Expr;
import org.segtrain.engine.internal.Graph;
import org.segtrain.engine.internal.Recording;

/** Leaves out what inference does not need. */
final class Pruning {

  private static final String RESHAPE = "torch.reshape($0, $1)";
  private static final String SIZE = "torch.size($0, $1)";

  private final Graph graph;
  private final Map<Integer, Expr> same = new HashMap<>(); // what a statement only repeats

  private Pruning(Graph graph) {
    this.graph = graph;
  }

  /** The program without dropout, without views of the same shape and without idle statements. */
  static Graph withoutIdleStatements(Graph graph) {
    return new Pruning(graph).prune();
  }

  private Graph prune() {
    List<Graph.Statement> statements = new ArrayList<>();
    for (Graph.Statement statement : graph.statements()) {
      Expr value = Exprs.rewrite(statement.value(), this::resolved);
      Expr source = value == null ? null : source(value);
      if (source != null) {
        same.put(statements.size(), source);
      }
      statements.add(with(statement, value));
    }
    List<Expr> outputs =
        graph.outputs().stream().map(expr -> Exprs.rewrite(expr, this::resolved)).toList();
    return renumbered(statements, outputs, live(statements, outputs));
  }

  private Expr resolved(Expr expr) {
    return expr instanceof Expr.Var read ? same.getOrDefault(read.id(), expr) : expr;
  }

  /** The argument that {@code value} is equal to, if it computes nothing; else null. */
  private Expr source(Expr value) {
    if (!(value instanceof Expr.Call call)) {
      return null;
    } else if (call.template().contains("dropout(")
        && call.template().contains(Recording.TRAINING)) {
      return call.template().contains("($0") ? call.arguments().get(0) : call.arguments().get(1);
    } else if (call.template().equals(RESHAPE) && keepsShape(call)) {
      return call.arguments().get(0);
    }
    return null;
  }

  private boolean keepsShape(Expr.Call reshape) {
    Expr array = reshape.arguments().get(0);
    if (!(reshape.arguments().get(1) instanceof Expr.Items sizes)) {
      return false;
    } else if (array instanceof Expr.Parameter parameter) {
      Shape shape = graph.parameters().get(parameter.name()).getShape();
      return sizes.equals(Arguments.expr(shape));
    } else if (array instanceof Expr.Var read) {
      int dimensions = graph.statements().get(read.id()).dimensions();
      List<Expr> own =
          IntStream.range(0, Math.max(0, dimensions))
              .mapToObj(axis -> Exprs.call(SIZE, array, Exprs.number(axis)))
              .toList();
      return sizes.items().equals(own);
    }
    return false;
  }

  /** Inputs, what outputs depend on, and what changes an array in place. */
  private Set<Integer> live(List<Graph.Statement> statements, List<Expr> outputs) {
    Set<Integer> live =
        outputs.stream().flatMap(o -> Exprs.reads(o).stream()).collect(Collectors.toSet());
    for (int i = statements.size() - 1; i >= 0; i--) {
      Expr value = statements.get(i).value();
      boolean changes = value instanceof Expr.Call call && !SharedMemory.changed(call).isEmpty();
      if (value == null || changes) {
        live.add(i);
      }
      if (value != null && live.contains(i)) {
        live.addAll(Exprs.reads(value));
      }
    }
    return live;
  }

  private Graph renumbered(
      List<Graph.Statement> statements, List<Expr> outputs, Set<Integer> live) {
    Map<Integer, Expr> places = new HashMap<>();
    List<Graph.Statement> kept = new ArrayList<>();
    for (int i = 0; i < statements.size(); i++) {
      if (live.contains(i)) {
        Expr value = Exprs.rewrite(statements.get(i).value(), e -> moved(e, places));
        places.put(i, new Expr.Var(kept.size()));
        kept.add(with(statements.get(i), value));
      }
    }
    List<Expr> last = outputs.stream().map(o -> Exprs.rewrite(o, e -> moved(e, places))).toList();
    return new Graph(
        graph.inputs(), kept, last, graph.parameters(), graph.repeats(), graph.learned());
  }

  private static Expr moved(Expr expr, Map<Integer, Expr> places) {
    return expr instanceof Expr.Var read ? places.get(read.id()) : expr;
  }

  private static Graph.Statement with(Graph.Statement statement, Expr value) {
    return new Graph.Statement(value, statement.type(), statement.dimensions(), statement.block());
  }

  /** The program without parameters that no statement reads. */
  static Graph withoutUnusedParameters(Graph graph) {
    Set<String> read =
        Stream.concat(
                graph.statements().stream().map(Graph.Statement::value).filter(Objects::nonNull),
                graph.outputs().stream())
            .flatMap(Exprs::parts)
            .filter(Expr.Parameter.class::isInstance)
            .map(part -> ((Expr.Parameter) part).name())
            .collect(Collectors.toSet());
    Map<String, NDArray> parameters = new LinkedHashMap<>(graph.parameters());
    parameters.keySet().retainAll(read);
    Map<String, String> repeats = new LinkedHashMap<>(graph.repeats());
    repeats.values().retainAll(read);
    return new Graph(
        graph.inputs(),
        graph.statements(),
        graph.outputs(),
        parameters,
        repeats,
        graph.learned().stream().filter(read::contains).toList());
  }
}
