package org.segtrain.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.segtrain.engine.internal.Expr;
import org.segtrain.engine.internal.Graph;

/** Programs whose first statement is the input, {@code $0} or Var 0. */
class InPlaceTest {

  private static final Expr INPUT = new Expr.Var(0);
  private static final String REFUSED =
      "torch.add_ in head cannot be written as ONNX: it changes an array in place that is read"
          + " again; replace it, or write TorchScript";

  @Test
  void aChangeOfWhatNobodyReadsAgainMakesANewArray() {
    Expr exp = new Expr.Var(1);
    Expr sum = new Expr.Var(3);
    List<Graph.Statement> statements =
        InPlace.replaced(
            graph(
                sum,
                call("torch.exp($0)", INPUT),
                call("torch.transpose($0, 0, 1)", exp),
                call("torch.add_($0, $1)", new Expr.Var(2), INPUT),
                call("torch.reshape($0, [torch.size($1, 0), -1])", sum, exp)));
    assertEquals(call("torch.add($0, $1)", new Expr.Var(2), INPUT), statements.get(3).value());
  }

  @Test
  void aChangeOfWhatIsReadAgainIsRefused() {
    Expr exp = new Expr.Var(1);
    refused(exp, call("torch.exp($0)", INPUT), call("torch.add_($0, 1)", exp));
    refused(
        new Expr.Var(3),
        call("torch.exp($0)", INPUT),
        call("torch.add_($0, 1)", exp),
        call("torch.relu($0)", exp));
  }

  @Test
  void whoAsksForTheDeviceOfAnArrayDoesNotReadIt() {
    Expr exp = new Expr.Var(1);
    List<Graph.Statement> statements =
        InPlace.replaced(
            graph(
                new Expr.Var(3),
                call("torch.exp($0)", INPUT),
                call("torch.add_($0, 1)", exp),
                call("torch.zeros([3], dtype=6, device=$0)", call("ops.prim.device($0)", exp))));
    assertEquals(call("torch.add($0, 1)", exp), statements.get(2).value());
  }

  @Test
  void aChangeOfWhatWasExpandedIsRefused() {
    Expr exp = new Expr.Var(1);
    refused(
        exp,
        call("torch.exp($0)", INPUT),
        call("torch.expand_as($0, $1)", exp, INPUT),
        call("torch.add_($0, 1)", new Expr.Var(2)));
  }

  @Test
  void aChangeOfAPartOfWhatIsReadAgainIsRefused() {
    Expr exp = new Expr.Var(1);
    Expr part = new Expr.Var(2);
    refused(
        new Expr.Var(4),
        call("torch.exp($0)", INPUT),
        call("torch.select($0, 0, 0)", exp),
        call("torch.add_($0, 1)", part),
        call("torch.relu($0)", exp));
    refused(
        new Expr.Var(4),
        call("torch.exp($0)", INPUT),
        call("torch.permute($0, [1, 0])", exp),
        call("torch.add_($0, 1)", exp),
        call("torch.relu($0)", part));
  }

  @Test
  void aChangeOfAParameterIsRefused() {
    refused(new Expr.Var(1), call("torch.add_($0, 1)", new Expr.Parameter("weight")));
  }

  private static void refused(Expr output, Expr... values) {
    Graph graph = graph(output, values);
    assertEquals(
        REFUSED,
        assertThrows(IllegalArgumentException.class, () -> InPlace.replaced(graph)).getMessage());
  }

  private static Expr call(String template, Expr... arguments) {
    return new Expr.Call(template, List.of(arguments));
  }

  private static Graph graph(Expr output, Expr... values) {
    List<Graph.Statement> statements = new ArrayList<>();
    statements.add(new Graph.Statement(null, DataType.FLOAT32, 2, ""));
    for (Expr value : values) {
      statements.add(new Graph.Statement(value, DataType.FLOAT32, 2, "head"));
    }
    return new Graph(1, statements, List.of(output), Map.of(), Map.of(), List.of());
  }
}
