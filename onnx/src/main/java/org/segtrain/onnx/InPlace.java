package org.segtrain.onnx;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.segtrain.engine.internal.Expr;
import org.segtrain.engine.internal.Graph;

/**
 * Operations that change an array in place, which ONNX lacks. One that makes a new array instead
 * does the same if nothing reads the old one any more, or what shares its memory.
 */
final class InPlace {

  private static final String MARK = "_"; // PyTorch's, at the end of the name

  private static final String DEVICE = "ops.prim.device";
  private static final int NONE = -1;

  private final List<Graph.Statement> statements;
  private final List<Expr> outputs;
  private final int[] owners; // of the memory of each statement, by statement

  private InPlace(Graph graph) {
    this.statements = graph.statements();
    this.outputs = graph.outputs();
    this.owners = new int[statements.size()];
    for (int i = 0; i < owners.length; i++) {
      int shared = shared(statements.get(i).value());
      owners[i] = shared == NONE ? i : owners[shared];
    }
  }

  /**
   * The statements of {@code graph} with every operation in place as one that makes a new array.
   *
   * @throws IllegalArgumentException if one has to stay in place; the message names it
   */
  static List<Graph.Statement> replaced(Graph graph) {
    InPlace all = new InPlace(graph);
    return IntStream.range(0, all.owners.length).mapToObj(all::replaced).toList();
  }

  private Graph.Statement replaced(int i) {
    Graph.Statement statement = statements.get(i);
    if (!(statement.value() instanceof Expr.Call call) || !changes(Operation.of(call))) {
      return statement;
    }
    Operation operation = Operation.of(call);
    boolean ofStatement = shared(operation.arguments().get(0)) != NONE;
    if (!ofStatement || readLater(i).anyMatch(read -> read < i && owners[read] == owners[i])) {
      throw new Refusal("it changes an array in place that is read again")
          .of(operation.name(), statement.block());
    }
    String name = operation.name();
    String template =
        name.substring(0, name.length() - 1) + call.template().substring(name.length());
    return new Graph.Statement(
        new Expr.Call(template, call.arguments()),
        statement.type(),
        statement.dimensions(),
        statement.block());
  }

  /** The statement whose memory the value of {@code e} may share, or none. */
  private static int shared(Expr e) {
    if (e instanceof Expr.Var statement) {
      return statement.id();
    } else if (e instanceof Expr.Call call) {
      Operation operation = Operation.of(call);
      return Graph.VIEWS.contains(operation.name())
              || operation.name().equals(Operation.ITEM)
              || changes(operation)
          ? shared(operation.arguments().get(0))
          : NONE;
    }
    return NONE;
  }

  private static boolean changes(Operation operation) {
    return operation.name().endsWith(MARK);
  }

  /** The statements whose elements the outputs and the statements after {@code i} read. */
  private Stream<Integer> readLater(int i) {
    Stream<Expr> later =
        statements.subList(i + 1, statements.size()).stream().map(Graph.Statement::value);
    return Stream.concat(later, outputs.stream()).flatMap(InPlace::reads);
  }

  private static Stream<Integer> reads(Expr e) {
    if (e instanceof Expr.Var statement) {
      return Stream.of(statement.id());
    } else if (e instanceof Expr.Items list) {
      return list.items().stream().flatMap(InPlace::reads);
    }
    if (!(e instanceof Expr.Call call) || Integers.isInteger(call)) {
      return Stream.of(); // a size stays as it is
    }
    Operation operation = Operation.of(call);
    if (operation.name().equals(DEVICE)) {
      return Stream.of(); // it asks where the array is
    }
    return Stream.concat(operation.arguments().stream(), operation.named().values().stream())
        .flatMap(InPlace::reads);
  }
}
