package org.segtrain.torchscript.export;

import ai.djl.ndarray.NDArray;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.segtrain.torchscript.Expr;
import org.segtrain.torchscript.Graph;

/** Leaves out what a program does not need. */
final class Pruning {

  private Pruning() {}

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
