package org.segtrain.metrics.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.segtrain.engine.Aten;

final class ClassMapTest {

  private static final int CLASSES = 11;

  private final NDManager manager = NDManager.newBaseManager("PyTorch");

  @AfterEach
  void close() {
    manager.close();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 37 * 29, 3 * 37 * 29, 10 * 37 * 29, 11 * 37 * 29, 1 << 30})
  void chunksGiveTheMapOfAllClassesAtOnce(long largest) {
    NDArray scores = scores();
    long[] expected =
        Aten.resizeBilinear(scores, 37, 29, false)
            .argMax(1)
            .toType(DataType.INT64, false)
            .toLongArray();
    int before = manager.getManagedArrays().size();
    NDArray map = ClassMap.of(scores, 37, 29, false, largest);
    assertEquals(new Shape(1, 37, 29), map.getShape());
    assertEquals(DataType.INT64, map.getDataType());
    assertArrayEquals(expected, map.toLongArray());
    assertEquals(before + 1, manager.getManagedArrays().size());
  }

  @Test
  void theFirstOfEqualScoresWins() {
    NDArray scores = manager.ones(new Shape(1, 4, 2, 2));
    assertArrayEquals(new long[16], ClassMap.of(scores, 4, 4, false, 1).toLongArray());
    assertArrayEquals(new long[16], ClassMap.of(scores, 4, 4, false, 32).toLongArray());
  }

  private NDArray scores() {
    SplittableRandom random = new SplittableRandom(2);
    float[] values = new float[CLASSES * 9 * 7];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return manager.create(values, new Shape(1, CLASSES, 9, 7));
  }
}
