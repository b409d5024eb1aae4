package org.segtrain.torchscript;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ToleranceTest {

  private static final Tolerance TOLERANCE = new Tolerance(0.1, 0.9, "so do better");

  private NDManager manager;

  @BeforeEach
  void open() {
    manager = Engine.getEngine("PyTorch").newBaseManager();
  }

  @AfterEach
  void close() {
    manager.close();
  }

  private NDList zeros(DataType type, Shape... shapes) {
    NDList arrays = new NDList();
    for (Shape shape : shapes) {
      arrays.add(manager.zeros(shape, type));
    }
    return arrays;
  }

  private static String refusal(NDList found, NDList wanted) {
    return assertThrows(IllegalStateException.class, () -> TOLERANCE.checkForm(found, wanted))
        .getMessage();
  }

  @Test
  void arraysOfAnotherNumberShapeOrTypeAreRefused() {
    NDList one = zeros(DataType.FLOAT32, new Shape(2, 3));
    assertDoesNotThrow(() -> TOLERANCE.checkForm(one, zeros(DataType.FLOAT32, new Shape(2, 3))));
    assertEquals(
        "the exported file gives [(2, 3) of float32] where the block gives [(2, 4) of float32], at"
            + " a size that was not recorded, so do better",
        refusal(one, zeros(DataType.FLOAT32, new Shape(2, 4))));
    assertEquals(
        "the exported file gives [(2, 3) of float32] where the block gives [(2, 3) of float64], at"
            + " a size that was not recorded, so do better",
        refusal(one, zeros(DataType.FLOAT64, new Shape(2, 3))));
    assertEquals(
        "the exported file gives [(2, 3) of float32] where the block gives [(2, 3) of float32, (1)"
            + " of float32], at a size that was not recorded, so do better",
        refusal(one, zeros(DataType.FLOAT32, new Shape(2, 3), new Shape(1))));
  }
}
