package org.segtrain.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("try") // Autograd is a scope: nobody reads the variable
class AutogradTest {

  private final NDManager manager = Agreement.newManager();
  private final NDArray x = manager.create(new float[] {1, 2, 3});
  private final NDArray y = manager.create(new float[] {4, 5, 6});
  private final NDArray unused = manager.create(new float[] {7, 8});

  @BeforeEach
  void requireGradients() {
    x.setRequiresGradient(true);
    y.setRequiresGradient(true);
    unused.setRequiresGradient(true);
  }

  @AfterEach
  void free() {
    manager.close();
  }

  @Test
  void whatWasComputedFromALeafIsRecordedAndNothingElse() {
    NDArray leaf = manager.ones(new Shape(3));
    leaf.setRequiresGradient(true);
    NDArray constant = manager.ones(new Shape(3));
    for (int i = 0; i < 4; i++) { // PyTorch rewrites its code after two calls
      try (Autograd on = Autograd.on()) {
        assertTrue(Autograd.isRecorded(leaf));
        assertTrue(Autograd.isRecorded(constant.mul(leaf)));
        assertFalse(Autograd.isRecorded(constant.mul(constant)));
      }
      try (Autograd off = Autograd.off()) {
        assertFalse(Autograd.isRecorded(constant.mul(leaf)));
      }
    }
  }

  @Test
  void gradientsComeInTheOrderOfTheInputs() {
    try (Autograd recording = Autograd.on()) {
      List<NDArray> gradients = Autograd.gradients(x.mul(x).mul(y).sum(), List.of(y, x));
      assertArrayEquals(new float[] {1, 4, 9}, gradients.get(0).toFloatArray());
      assertArrayEquals(new float[] {8, 20, 36}, gradients.get(1).toFloatArray());
    }
  }

  @Test
  void unusedInputsHaveGradientsOfZero() {
    try (Autograd recording = Autograd.on()) {
      NDArray gradient = Autograd.gradients(x.sum(), List.of(x, unused)).get(1);
      assertArrayEquals(new float[] {0, 0}, gradient.toFloatArray());
    }
  }

  @Test
  void severalOutputsAddUp() {
    try (Autograd recording = Autograd.on()) {
      List<NDArray> outputs = List.of(x.mul(2), x.mul(x));
      NDArray gradient = Autograd.gradients(outputs, List.of(y, y.mul(10)), List.of(x)).get(0);
      assertArrayEquals(new float[] {88, 210, 372}, gradient.toFloatArray());
    }
  }

  @Test
  void nothingIsKeptWithTheInputs() {
    try (Autograd recording = Autograd.on()) {
      Autograd.gradients(x.sum(), List.of(x));
      assertArrayEquals(new float[] {0, 0, 0}, x.getGradient().toFloatArray());
      NDArray again = Autograd.gradients(x.sum(), List.of(x)).get(0);
      assertArrayEquals(new float[] {1, 1, 1}, again.toFloatArray());
    }
  }

  @Test
  void gradientsBelongToTheManagerOfTheOutput() {
    try (NDManager step = manager.newSubManager();
        Autograd recording = Autograd.on()) {
      NDArray input = y.duplicate();
      input.attach(step);
      NDArray loss = input.mul(x).sum();
      assertSame(step, Autograd.gradients(loss, List.of(x)).get(0).getManager());
    }
  }

  @Test
  void aGraphServesOnce() {
    try (Autograd recording = Autograd.on()) {
      NDArray loss = x.mul(x).sum();
      Autograd.gradients(loss, List.of(x));
      assertThrows(EngineException.class, () -> Autograd.gradients(loss, List.of(x)));
    }
  }

  @Test
  void arraysWithoutGraphHaveNoGradients() {
    try (Autograd silence = Autograd.off()) {
      NDArray loss = x.mul(x).sum();
      assertThrows(EngineException.class, () -> Autograd.gradients(loss, List.of(x)));
    }
  }

  @Test
  void aFreshThreadBuildsGraphsUnlessTurnedOff() {
    assertTrue(inFreshThread(() -> recorded(Aten.hardswish(x)) && recorded(x.mul(2))));
    assertFalse(
        inFreshThread(
            () -> {
              try (Autograd silence = Autograd.off()) {
                return recorded(Aten.hardswish(x)) || recorded(x.mul(2));
              }
            }));
  }

  @Test
  void closingRestoresWhatWasBefore() {
    try (Autograd recording = Autograd.on()) {
      try (Autograd silence = Autograd.off()) {
        try (Autograd inner = Autograd.on()) {
          assertTrue(recorded(x.mul(2)));
        }
        assertFalse(recorded(x.mul(2)));
      }
      assertTrue(recorded(x.mul(2)));
    }
  }

  @Test
  void oneThreadDoesNotSwitchAnother() {
    try (Autograd recording = Autograd.on()) {
      inFreshThread(
          () -> {
            Autograd.off().close();
            return true;
          });
      assertTrue(recorded(x.mul(2)));
    }
  }

  @Test
  void gradientsWorkWithinOff() {
    NDArray loss;
    try (Autograd recording = Autograd.on()) {
      loss = Aten.hardswish(x).sum();
    }
    try (Autograd silence = Autograd.off()) {
      assertEquals(1, Autograd.gradients(loss, List.of(x)).size());
    }
  }

  /** Whether the array has a graph that leads to x. DJL's own answer is about leaves only. */
  private boolean recorded(NDArray array) {
    try {
      Autograd.gradients(List.of(array), List.of(y), List.of(x));
      return true;
    } catch (EngineException e) {
      return false;
    }
  }

  private static <T> T inFreshThread(Supplier<T> work) {
    return CompletableFuture.supplyAsync(work, task -> new Thread(task).start()).join();
  }
}
