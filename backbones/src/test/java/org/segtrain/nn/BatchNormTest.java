package org.segtrain.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.segtrain.engine.Aten;
import org.segtrain.engine.StateDict;

/** One channel of four numbers: mean 3, variance 5, of which the unbiased estimate is 20/3. */
class BatchNormTest {

  private static final float[] VALUES = {0, 2, 4, 6};
  private static final float UNBIASED = 20 / 3f;

  private final NDManager manager = NDManager.newBaseManager();
  private final BatchNorm batchNorm = new BatchNorm(1);
  private final NDArray x = manager.create(VALUES, new Shape(1, 1, 2, 2));

  BatchNormTest() {
    manager.getEngine().setRandomSeed(1);
    batchNorm.initialize(manager, DataType.FLOAT32, x.getShape());
  }

  @AfterEach
  void closeManager() {
    manager.close();
  }

  @Test
  void trainingUsesTheStatisticsOfTheBatch() {
    assertNormalized(3, 5, normalize(true));
  }

  @Test
  void trainingMovesTheRunningStatisticsByATenth() {
    normalize(true);
    assertState(0.1f * 3, 0.9f + 0.1f * UNBIASED, 1);
    normalize(true);
    assertState(0.19f * 3, 0.81f + 0.19f * UNBIASED, 2);
  }

  @Test
  void inferenceUsesTheRunningStatisticsAndLeavesThem() {
    normalize(true);
    assertNormalized(0.3, 0.9 + 0.1 * UNBIASED, normalize(false));
    assertState(0.3f, 0.9f + 0.1f * UNBIASED, 1);
  }

  @Test
  void frozenStatisticsStayInTraining() {
    batchNorm.freezeStatistics(true);
    assertNormalized(0, 1, normalize(true));
    assertState(0, 1, 0);
  }

  /** For maps in either layout, which PyTorch computes differently. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void runningStatisticsAreThoseOfTheWholeBatch(boolean channelsLast) {
    Shape shape = new Shape(3, 5, 7, 9);
    NDArray random = manager.randomNormal(shape).mul(2).add(3);
    float[] values = random.toFloatArray();
    BatchNorm norm = new BatchNorm(5);
    norm.initialize(manager, DataType.FLOAT32, shape);
    NDArray map = channelsLast ? Aten.toChannelsLast(random) : random;
    norm.forward(new ParameterStore(manager, false), new NDList(map), true);
    var state = StateDict.of(norm);
    for (int c = 0; c < 5; c++) {
      int channel = c;
      double[] own =
          IntStream.range(0, values.length)
              .filter(i -> i / (7 * 9) % 5 == channel)
              .mapToDouble(i -> values[i])
              .toArray();
      double mean = Arrays.stream(own).sum() / own.length;
      double unbiased =
          Arrays.stream(own).map(value -> (value - mean) * (value - mean)).sum() / (own.length - 1);
      assertEquals(0.1 * mean, state.get("running_mean").getArray().getFloat(c), 1e-6);
      assertEquals(0.9 + 0.1 * unbiased, state.get("running_var").getArray().getFloat(c), 1e-6);
    }
  }

  private float[] normalize(boolean training) {
    return batchNorm
        .forward(new ParameterStore(manager, false), new NDList(x), training)
        .singletonOrThrow()
        .toFloatArray();
  }

  private static void assertNormalized(double mean, double variance, float[] actual) {
    float[] expected = new float[VALUES.length];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = (float) ((VALUES[i] - mean) / Math.sqrt(variance + 1e-5));
    }
    assertArrayEquals(expected, actual, 1e-5f);
  }

  private void assertState(float mean, float variance, long batches) {
    var state = StateDict.of(batchNorm);
    assertEquals(mean, state.get("running_mean").getArray().getFloat(0), 1e-6f);
    assertEquals(variance, state.get("running_var").getArray().getFloat(0), 1e-6f);
    assertEquals(batches, state.get("num_batches_tracked").getArray().getLong());
  }
}
