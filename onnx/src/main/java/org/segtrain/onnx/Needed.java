package org.segtrain.onnx;

import java.util.BitSet;
import java.util.List;
import org.segtrain.engine.internal.Expr;
import org.segtrain.engine.internal.Graph;

/** The statements of a graph that its outputs depend on. */
final class Needed {

  private Needed() {}

  static BitSet of(Graph graph) {
    BitSet needed = new BitSet();
    graph.outputs().forEach(output -> mark(output, needed));
    List<Graph.Statement> statements = graph.statements();
    for (int i = statements.size() - 1; i >= graph.inputs(); i--) {
      if (needed.get(i)) {
        mark(statements.get(i).value(), needed);
      }
    }
    return needed;
  }

  private static void mark(Expr e, BitSet needed) {
    if (e instanceof Expr.Var statement) {
      needed.set(statement.id());
    } else if (e instanceof Expr.Items list) {
      list.items().forEach(item -> mark(item, needed));
    } else if (e instanceof Expr.Call call) {
      call.arguments().forEach(argument -> mark(argument, needed));
    }
  }
}
