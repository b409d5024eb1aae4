package org.segtrain.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("try") // Autograd is a scope: nobody reads the variable
class ArrayListsTest {

  private final NDManager manager = Agreement.newManager();
  private final NDArray matrix = manager.create(new float[] {1, 2, 3, 4, 5, 6}, new Shape(2, 3));
  private final NDArray scalar = manager.create(-2f);
  private final List<NDArray> arrays = List.of(matrix, scalar);

  @AfterEach
  void free() {
    manager.close();
  }

  @Test
  void normIsThatOfAllElements() {
    assertEquals(Math.sqrt(1 + 4 + 9 + 16 + 25 + 36 + 4), ArrayLists.norm(arrays), 1e-5);
  }

  @Test
  void normReadsViewsInAnyLayout() {
    NDArray spaced = Agreement.spaced(matrix);
    assertEquals(Math.sqrt(91), ArrayLists.norm(List.of(spaced, matrix.get("0:0"))), 1e-5);
  }

  @Test
  void scaleWorksInPlace() {
    ArrayLists.scale(arrays, 0.5);
    assertArrayEquals(new float[] {0.5f, 1, 1.5f, 2, 2.5f, 3}, matrix.toFloatArray());
    assertEquals(-1, scalar.getFloat());
  }

  @Test
  void addWorksInPlaceOnAnyLayout() {
    ArrayLists.add(arrays, List.of(Agreement.transposed(matrix), manager.create(7f)));
    assertArrayEquals(new float[] {2, 4, 6, 8, 10, 12}, matrix.toFloatArray());
    assertEquals(5, scalar.getFloat());
  }

  @Test
  void lerpGoesAShareOfTheWayInAnyLayout() {
    ArrayLists.lerp(arrays, List.of(Agreement.transposed(matrix.mul(5)), manager.create(2f)), 0.25);
    assertArrayEquals(new float[] {2, 4, 6, 8, 10, 12}, matrix.toFloatArray());
    assertEquals(-1, scalar.getFloat());
  }

  @Test
  void lerpBetweenEqualNumbersChangesNoBit() {
    NDArray third = manager.create(1f / 3);
    ArrayLists.lerp(List.of(third), List.of(manager.create(1f / 3)), 0.0009765);
    assertEquals(1f / 3, third.getFloat());
  }

  @Test
  void copyOverwrites() {
    NDArray view = Agreement.transposed(matrix.mul(3));
    ArrayLists.copy(arrays, List.of(view, manager.create(7f)));
    assertArrayEquals(new float[] {3, 6, 9, 12, 15, 18}, matrix.toFloatArray());
    assertEquals(7, scalar.getFloat());
  }

  @Test
  void copyRoundsToTheTypeOfTheTarget() {
    NDArray half = Aten.toBfloat16(matrix);
    ArrayLists.copy(List.of(half), List.of(matrix.add(0.001f)));
    assertArrayEquals(matrix.toFloatArray(), Aten.toFloat32(half).toFloatArray());
  }

  @Test
  void leavesAreChangedThoughAutogradIsOn() {
    matrix.setRequiresGradient(true);
    try (Autograd recording = Autograd.on()) {
      ArrayLists.scale(List.of(matrix), 2);
    }
    assertArrayEquals(new float[] {2, 4, 6, 8, 10, 12}, matrix.toFloatArray());
  }

  @Test
  void listsOfDifferentLengthAreRefused() {
    IllegalArgumentException error =
        assertThrows(IllegalArgumentException.class, () -> ArrayLists.add(arrays, List.of(matrix)));
    assertEquals("lists must be of one length, but have 2 and 1 arrays", error.getMessage());
  }
}
