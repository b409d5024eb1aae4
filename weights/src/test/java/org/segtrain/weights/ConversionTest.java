package org.segtrain.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ConversionTest {

  private final NDManager manager = NDManager.newBaseManager();

  @AfterEach
  void closeManager() {
    manager.close();
  }

  @Test
  void positionsAreResizedBilinearlyAndTheClassTokenStays() {
    // two channels, each of which grows along one side of a map of 2 x 2
    NDArray stored =
        manager.create(new float[] {7, 8, 0, 0, 1, 0, 0, 10, 1, 10}, new Shape(1, 5, 2));
    NDArray present = manager.zeros(new Shape(1, 17, 2));
    NDArray made = Conversion.POSITIONS.apply(stored, present);
    float[] sides = {0, 0.25f, 0.75f, 1}; // half pixels; the edges repeat
    float[] expected = new float[34];
    expected[0] = 7;
    expected[1] = 8;
    for (int i = 0; i < 16; i++) {
      expected[2 + 2 * i] = sides[i % 4];
      expected[3 + 2 * i] = 10 * sides[i / 4];
    }
    assertEquals(present.getShape(), made.getShape());
    assertArrayEquals(expected, made.toFloatArray(), 1e-6f);
  }

  @Test
  void aClassTokenThatTheFileLacksIsTheModels() {
    NDArray stored = manager.create(new float[] {1, 2, 3, 4}, new Shape(1, 4, 1));
    NDArray present = manager.create(new float[] {9, 0, 0, 0, 0}, new Shape(1, 5, 1));
    NDArray made = Conversion.POSITIONS.apply(stored, present);
    assertArrayEquals(new float[] {9, 1, 2, 3, 4}, made.toFloatArray());
  }

  @Test
  void aClassTokenThatTheModelLacksIsDropped() {
    NDArray stored = manager.create(new float[] {9, 1, 2, 3, 4}, new Shape(1, 5, 1));
    NDArray made = Conversion.POSITIONS.apply(stored, manager.zeros(new Shape(1, 4, 1)));
    assertArrayEquals(new float[] {1, 2, 3, 4}, made.toFloatArray());
  }

  @Test
  void tablesAreResizedForEachHead() {
    float[] numbers = {0, 0, 1, 0, 2, 0, 0, 4, 1, 4, 2, 4, 0, 8, 1, 8, 2, 8}; // 3 x 3, two heads
    NDArray stored = manager.create(numbers, new Shape(9, 2));
    NDArray made = Conversion.RELATIVE_POSITIONS.apply(stored, manager.zeros(new Shape(25, 2)));
    float[] sides = {0, 0.4f, 1, 1.6f, 2}; // 3/5 of a step each
    for (int i = 0; i < 25; i++) {
      float[] row = made.get(i).toFloatArray();
      assertArrayEquals(new float[] {sides[i % 5], 4 * sides[i / 5]}, row, 1e-5f, "row " + i);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "pos_embed1, 1 3136 64, 1 3136 64, NONE",
    "pos_embed1, 1 3136 64, 1 784 64, POSITIONS",
    "backbone.pos_embed4, 1 50 512, 1 145 512, POSITIONS",
    "pos_embed1, 1 3136 64, 1 784 32,",
    "pos_embed1, 1 3000 64, 1 784 64,",
    "pos_embed1, 2 3136 64, 2 784 64,",
    "x.relative_position_bias_table, 169 2, 625 2, RELATIVE_POSITIONS",
    "x.relative_position_bias_table, 169 2, 625 4,",
    "x.relative_position_bias_table, 169 2, 600 2,",
    "x.weight, 64 64, 64 64, NONE",
    "x.weight, 64 64, 64 32,",
    "x.weight, 64 64 1, 64 64,"
  })
  void onlyWhatIsKnownIsConverted(String name, String from, String to, Conversion conversion) {
    assertEquals(Optional.ofNullable(conversion), Conversion.of(name, shape(from), shape(to)));
  }

  private static Shape shape(String sizes) {
    return new Shape(Arrays.stream(sizes.split(" ")).mapToLong(Long::parseLong).toArray());
  }
}
