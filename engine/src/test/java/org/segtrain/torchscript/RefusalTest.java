package org.segtrain.torchscript;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv1d;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.segtrain.engine.ArrayLists;
import org.segtrain.engine.Aten;

/** What cannot be written down is refused in a sentence. */
final class RefusalTest {

  private static final Samples SAMPLES = Samples.ofShapes(new Shape(-1, 4, -1, -1));

  @TempDir private Path folder;
  private NDManager manager;

  @BeforeEach
  void open() {
    manager = Engine.getEngine("PyTorch").newBaseManager();
  }

  @AfterEach
  void close() {
    manager.close();
  }

  private static String refusal(TinyBlock block) {
    return assertThrows(IllegalArgumentException.class, () -> Recordings.of(block, SAMPLES))
        .getMessage();
  }

  private static String refusal(Function<NDArray, NDArray> forward) {
    return refusal(TinyBlock.of(context -> forward.apply(context.x())));
  }

  @Test
  void aMethodThatTheTableLacks() {
    assertEquals(
        "TinyBlock cannot be exported: isNaN() has no row in the table of methods",
        refusal(NDArray::isNaN));
  }

  @Test
  void theBlockInsideThatDoesIt() {
    TinyBlock inner =
        TinyBlock.of(context -> context.parameter("weight").isNaN())
            .with("weight", manager.ones(new Shape(1)));
    TinyBlock outer =
        TinyBlock.of(context -> context.through("neck.0", context.x())).with("neck.0", inner);
    assertEquals(
        "block neck.0 of TinyBlock cannot be exported: isNaN() has no row in the table of methods",
        refusal(outer));
  }

  @Test
  void anIndexThatIsAnArray() {
    assertTrue(refusal(x -> x.get(x.gt(0))).startsWith("TinyBlock cannot be exported: "));
  }

  @Test
  void valuesThatJavaReads() {
    String sentence = refusal(x -> Aten.scaled(x, x.mean().getFloat()));
    assertTrue(sentence.contains("values of an array are read"), sentence);
  }

  @Test
  void aListOfArraysInPlace() {
    assertEquals(
        "TinyBlock cannot be exported: ArrayLists.scale works on arrays in place, outside autograd",
        refusal(
            x -> {
              ArrayLists.scale(List.of(x), 2);
              return x;
            }));
  }

  @Test
  void anArrayFromNowhere() {
    NDArray hidden = manager.ones(new Shape(1, 4, 1, 1));
    assertEquals(
        "TinyBlock cannot be exported: an array of shape (1, 4, 1, 1) is neither computed from the"
            + " input nor a parameter",
        refusal(x -> x.add(hidden)));
  }

  @Test
  void aReceiverFromNowhere() {
    NDArray hidden = manager.ones(new Shape(1, 4, 1, 1));
    String sentence = refusal(x -> hidden.add(x));
    assertTrue(sentence.contains("neither computed from the input nor a parameter"), sentence);
  }

  @Test
  void aParameterChangedInPlaceEvenThroughAView() {
    NDArray values = manager.ones(new Shape(1, 4, 1, 1));
    TinyBlock block =
        TinyBlock.of(c -> c.x().add(c.parameter("weight").reshape(4, 1, 1).get(":2").muli(2).sum()))
            .with("weight", values);
    assertEquals(
        "TinyBlock cannot be exported: muli(Number) changes a parameter in place", refusal(block));
    assertArrayEquals(new float[] {1, 1, 1, 1}, values.toFloatArray());
  }

  @Test
  void aParameterThatAnExpressionChangesInPlace() {
    NDArray values = manager.ones(new Shape(4, 1, 1));
    Function<NDArray, NDArray> halve = x -> Aten.call("torch.mul_($0, $1)", x, 0.5);
    for (Function<NDArray, NDArray> view :
        List.<Function<NDArray, NDArray>>of(
            x -> x, x -> x.reshape(2, 2, 1), x -> Aten.dropout(x, 0.5))) {
      TinyBlock block =
          TinyBlock.of(c -> c.x().add(halve.apply(view.apply(c.parameter("weight"))).sum()))
              .with("weight", values);
      assertEquals(
          "TinyBlock cannot be exported: torch.mul_($0, $1) changes a parameter in place",
          refusal(block));
      assertArrayEquals(new float[] {1, 1, 1, 1}, values.toFloatArray());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "torch.add_($0, $1)",
        "torch.add_($2, $1)",
        "torch.mul_(torch.reshape($0, [-1]), 2)",
        "torch.mul_(torch.narrow(torch.view($2, [2, 2]), 0, 0, 1), $1)",
        "torch.sum(torch.mul_( torch.split($0, 1)[0], $1))",
        "torch.mul($1, torch.relu(torch.neg_($2)))",
        "torch.add($1, $1, alpha=1, out=$0)",
        "$0.mul_(2)",
        "torch.mul($1, $0.reshape([-1]).neg_())"
      })
  void aParameterThatIsAnyArgumentInsideAnExpression(String expression) {
    NDArray values = manager.ones(new Shape(4, 1, 1));
    TinyBlock block = TinyBlock.of(c -> changing(expression, c)).with("weight", values);
    assertEquals(
        "TinyBlock cannot be exported: " + expression + " changes a parameter in place",
        refusal(block));
    assertArrayEquals(new float[] {1, 1, 1, 1}, values.toFloatArray());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "torch.add_($1, torch.sum($0))",
        "torch.add_(torch.mul($0, 2), $1)",
        "torch.mul($0, torch.bernoulli_(torch.new_empty($0, [1])))"
      })
  void aParameterThatIsOnlyReadBesideAChangeInPlaceIsNone(String expression) {
    TinyBlock block =
        TinyBlock.of(c -> changing(expression, c)).with("weight", manager.ones(new Shape(4, 1, 1)));
    assertDoesNotThrow(() -> Recordings.of(block, SAMPLES));
  }

  /** Of a parameter, the mean of the input, and the parameter again. */
  private static NDArray changing(String expression, TinyBlock.Context c) {
    NDArray weight = c.parameter("weight");
    return Aten.call(expression, weight, c.x().mean(), weight);
  }

  @Test
  void aRoundingThatKillsTheEngine() {
    String sentence = refusal(x -> x.toType(DataType.BFLOAT16, false));
    assertEquals(
        "TinyBlock cannot be exported: toType(DataType,boolean) has the argument bfloat16",
        sentence);
  }

  @Test
  void aFloatThatDependsOnTheSize() {
    String sentence = refusal(x -> Aten.scaled(x, 1 / Math.sqrt((double) x.size(2))));
    assertTrue(sentence.startsWith("operation 1 (torch.mul) cannot be exported: "), sentence);
    assertTrue(sentence.contains("0.06454972243679027"), sentence); // 1/√240
  }

  @Test
  void aSizeThatNoExpressionGives() {
    String sentence = refusal(x -> x.get(":, :, :{}", Long.bitCount(x.size(2)) + 7));
    assertTrue(sentence.contains("in no way known: ["), sentence);
    assertTrue(sentence.contains("]; record inputs of one size only, or "), sentence);
  }

  @Test
  void anOutputThatDependsOnTheSize() {
    TinyBlock block =
        TinyBlock.of(
            c -> {
              NDArray twice = c.x().add(c.x());
              NDArray square = c.x().mul(c.x());
              return c.x().size(2) > 250 ? twice : square;
            });
    String sentence = refusal(block);
    assertTrue(sentence.contains("what is returned depends on"), sentence);
  }

  @Test
  void aConvolutionAlongOneAxis() {
    String sentence =
        refusal(
            x -> {
              NDArray rows = x.flatten(2, 3); // B C L
              NDArray kernel = x.getManager().ones(new Shape(4, 4, 3));
              return Conv1d.conv1d(rows, kernel).head();
            });
    assertTrue(sentence.contains("takes 3 axes, but only those of B C H W"), sentence);
  }

  @Test
  void operationsThatDependOnTheSize() {
    String sentence = refusal(x -> x.size(2) > 100 ? x.add(x).mul(x) : x.add(x));
    assertTrue(sentence.contains("the number of operations"), sentence);
  }

  @Test
  void aBlockWithoutValues() {
    TinyBlock block =
        TinyBlock.of(context -> context.x())
            .with("fc", ai.djl.nn.core.Linear.builder().setUnits(3).build());
    assertEquals(
        "parameter fc.weight has no values yet, so initialize the block first", refusal(block));
    Path file = folder.resolve("block.pt");
    assertThrows(IllegalArgumentException.class, () -> TorchScript.of(block, SAMPLES).write(file));
    assertFalse(Files.exists(file));
  }

  @Test
  void aParameterOfATypeThatNoFileHolds() {
    TinyBlock block =
        TinyBlock.of(c -> c.x().add(Aten.toFloat32(c.through("fc", c.x()))))
            .with(
                "fc",
                TinyBlock.of(c -> c.parameter("weight"))
                    .with("weight", Aten.toBfloat16(manager.ones(new Shape(1)))));
    Path file = folder.resolve("block.pt");
    assertEquals(
        "parameter fc.weight is of type bfloat16, which cannot be exported; make it float32 or"
            + " int64",
        assertThrows(
                IllegalArgumentException.class, () -> TorchScript.of(block, SAMPLES).write(file))
            .getMessage());
  }

  @Test
  void samplesWithNothingToCheck() {
    assertThrows(
        IllegalArgumentException.class, () -> Samples.of(List.of(new NDList()), List.of()));
    List<Shape> one = List.of(new Shape(1, 4, 9, 9));
    assertThrows(IllegalArgumentException.class, () -> Samples.ofShapes(one, List.of()));
    assertThrows(IllegalArgumentException.class, () -> Samples.ofShapes(List.of(), one));
  }

  @Test
  void samplesOfMoreAxesThanCanBeOfAnySize() {
    Shape shape = new Shape(-1, 4, -1, -1, -1, -1);
    Exception error = assertThrows(IllegalArgumentException.class, () -> Samples.ofShapes(shape));
    assertTrue(error.getMessage().startsWith("axis 5 of (-1, 4, -1, -1, -1, -1)"));
  }
}
