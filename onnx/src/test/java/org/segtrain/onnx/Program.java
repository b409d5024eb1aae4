package org.segtrain.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.onnxruntime.OrtException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.segtrain.engine.Aten;
import org.segtrain.engine.internal.Expr;
import org.segtrain.engine.internal.Graph;
import org.segtrain.onnx.internal.OnnxRuntime;

/** An expression of TorchScript as a graph of one statement. */
final class Program {

  private final String expression;
  private final Object[] arguments;
  private final List<NDArray> inputs = new ArrayList<>();

  Program(String expression, Object... arguments) {
    this.expression = expression;
    this.arguments = arguments;
  }

  /** Asserts that PyTorch and ONNX Runtime compute the same, to {@code tolerance}. */
  void agrees(double tolerance) throws OrtException {
    NDArray expected = Aten.call(expression, arguments);
    Graph graph = graph(expected);
    try (OnnxRuntime runtime = new OnnxRuntime(Onnx.of(graph).model().toByteArray())) {
      NDArray actual = runtime.run(new NDList(inputs)).singletonOrThrow();
      assertEquals(expected.getShape(), actual.getShape(), expression);
      assertEquals(expected.getDataType(), actual.getDataType(), expression);
      assertArrayEquals(doubles(expected), doubles(actual), tolerance, expression);
    }
  }

  /** Why it is not written. */
  String refusal() {
    Onnx onnx = Onnx.of(graph(Aten.call(expression, arguments)));
    return assertThrows(IllegalArgumentException.class, onnx::model, expression).getMessage();
  }

  private static double[] doubles(NDArray array) {
    return array.toType(DataType.FLOAT64, false).toDoubleArray();
  }

  private Graph graph(NDArray result) {
    List<Expr> all = new ArrayList<>();
    List<Graph.Statement> statements = new ArrayList<>();
    for (Object argument : arguments) {
      if (argument instanceof NDArray array) {
        all.add(new Expr.Var(inputs.size()));
        inputs.add(array);
        statements.add(statement(null, array));
      } else {
        all.add(constant(argument));
      }
    }
    statements.add(statement(new Expr.Call(expression, all), result));
    List<Expr> outputs = List.of(new Expr.Var(inputs.size()));
    return new Graph(inputs.size(), statements, outputs, Map.of(), Map.of(), List.of());
  }

  private static Graph.Statement statement(Expr value, NDArray result) {
    return new Graph.Statement(
        value, result.getDataType(), result.getShape().dimension(), "head.attn");
  }

  private static Expr constant(Object argument) {
    if (argument == null) {
      return new Expr.None();
    } else if (argument instanceof Shape shape) {
      return new Expr.Items(LongStream.of(shape.getShape()).<Expr>mapToObj(Expr.Int::new).toList());
    } else if (argument instanceof Boolean flag) {
      return new Expr.Bool(flag);
    }
    return argument instanceof Double real
        ? new Expr.Real(real)
        : new Expr.Int(((Integer) argument).longValue());
  }
}
