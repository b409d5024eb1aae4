package org.segtrain.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("try") // Autograd is a scope: nobody reads the variable
class AtenCallTest {

  private final NDManager manager = Agreement.newManager();
  private final NDArray x = manager.create(new float[] {1, -2, 3, 4}, new Shape(2, 2));

  @AfterEach
  void free() {
    manager.close();
  }

  @Test
  void argumentsTakeTheirPlaces() {
    NDArray result =
        Aten.call("torch.add($1, $0, alpha=$2)", x, manager.ones(new Shape(2, 2)), 1e-2);
    assertArrayEquals(new float[] {1.01f, 0.98f, 1.03f, 1.04f}, result.toFloatArray(), 1e-6f);
    NDArray ones = Aten.call("torch.new_full($0, $1, $2)", x, new Shape(2, 1), 1);
    assertEquals(new Shape(2, 1), ones.getShape());
  }

  @Test
  void resultsBelongToTheManagerOfTheFirstArgument() {
    try (NDManager step = manager.newSubManager()) {
      NDArray ours = x.duplicate();
      ours.attach(step);
      assertSame(step, Aten.call("torch.add($0, $1)", ours, x).getManager());
    }
  }

  @Test
  void nothingButTheResultIsLeftInTheManager() {
    int before = manager.getManagedArrays().size();
    Aten.resizeNearest(x.reshape(1, 1, 2, 2), 3, 5);
    assertEquals(before + 2, manager.getManagedArrays().size());
  }

  @Test
  void namesOfArraysMeanNothing() {
    for (String name : List.of("weight", "stage1.attn.q", "x[]", "x()", "module_method:train")) {
      NDArray named = x.duplicate();
      named.setName(name);
      assertArrayEquals(new float[] {1, 2, 3, 4}, Aten.call("torch.abs($0)", named).toFloatArray());
    }
  }

  @Test
  void everySizeSharesOneModule() {
    NDArray map = x.reshape(1, 1, 2, 2);
    Aten.resizeBilinear(map, 3, 3, false);
    int before = Aten.compiled();
    for (long size = 1; size < 20; size++) {
      assertEquals(
          new Shape(1, 1, size, 2 * size),
          Aten.resizeBilinear(map, size, 2 * size, false).getShape());
    }
    assertEquals(before, Aten.compiled());
  }

  @Test
  void expressionsThatPyTorchDoesNotKnowAreNamed() {
    IllegalArgumentException error = refused("torch.hardswich($0)", x);
    assertEquals(
        "PyTorch does not accept \"def forward(self: __torch__.Model, a0: Tensor) -> Tensor: "
            + "return torch.hardswich(a0)\": Unknown builtin op: aten::hardswich.",
        error.getMessage());
  }

  @Test
  void argumentsThatCannotBePassedAreNamed() {
    assertEquals(
        "an operation takes arrays, shapes, numbers and booleans, but got a String",
        refused("torch.add($0, $1)", x, "one").getMessage());
    assertEquals(
        "an operation takes finite numbers, but got NaN",
        refused("torch.add($0, $1)", x, Double.NaN).getMessage());
    assertEquals(
        "the expression uses $2, but has 2 arguments",
        refused("torch.add($0, $2)", x, 1).getMessage());
    assertEquals(
        "the first argument of an operation must be an array, whose manager gets the result",
        refused("torch.zeros($0)", new Shape(2)).getMessage());
  }

  @Test
  void shapesThatDoNotFitFailAtTheCallOnly() {
    NDArray wide = manager.ones(new Shape(2, 3));
    assertThrows(EngineException.class, () -> Aten.call("torch.mm($0, $1)", wide, wide));
    assertEquals(3, Aten.call("torch.mm($0, $1)", x, wide).get(0).size());
  }

  @Test
  void threadsShareOneModulePerCode() throws Exception {
    int before = Aten.compiled();
    List<Callable<List<Float>>> work = Collections.nCopies(8, AtenCallTest::manyOperations);
    ExecutorService pool = Executors.newFixedThreadPool(work.size());
    try {
      List<List<Float>> results = new ArrayList<>();
      for (Future<List<Float>> future : pool.invokeAll(work)) {
        results.add(future.get());
      }
      assertEquals(Collections.nCopies(work.size(), results.get(0)), results);
    } finally {
      pool.shutdown();
    }
    assertEquals(before + 10, Aten.compiled());
  }

  /** Ten operations that no other test uses, forwards and backwards. */
  private static List<Float> manyOperations() {
    List<Float> results = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      try (NDManager own = Agreement.newManager();
          Autograd recording = Autograd.on()) {
        NDArray x = own.arange(1f + i % 7);
        x.setRequiresGradient(true);
        NDArray y = Aten.call("torch.pow($0, $1)", x, 1.5 + i % 10).sum();
        results.add(y.getFloat());
        results.add(Autograd.gradients(y, List.of(x)).get(0).sum().getFloat());
      }
    }
    return results;
  }

  private static IllegalArgumentException refused(String expression, Object... arguments) {
    return assertThrows(IllegalArgumentException.class, () -> Aten.call(expression, arguments));
  }
}
