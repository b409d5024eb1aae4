package org.segtrain.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CrossEntropyTest {

  private static final int IGNORED = 255;
  private static final int BATCH = 2;

  @ParameterizedTest
  @CsvSource({
    "2, 1, 1, false, 0",
    "5, 4, 3, false, 0",
    "5, 4, 3, true, 0",
    "5, 4, 3, false, 0.1",
    "5, 4, 3, true, 0.1",
    "21, 9, 16, true, 0.05"
  })
  void sumsOverLabelledPixels(
      int classes, int height, int width, boolean weighted, double smoothing) {
    Random random = new Random(classes * 31L + height);
    int pixels = height * width;
    long[] labels = random.longs((long) BATCH * pixels, 0, classes).toArray();
    labels[labels.length / 2] = IGNORED;
    float[] weights = weights(classes, weighted);
    float[] targets = targets(labels, weights, pixels, smoothing);
    try (NDManager manager = Agreement.newManager()) {
      Shape shape = new Shape(BATCH, classes, height, width);
      NDArray labelled = manager.create(labels, new Shape(BATCH, height, width));
      NDArray given = weighted ? manager.create(weights) : null;
      NDArray minusTargets = manager.create(targets, shape).neg();
      new Agreement(
              1e-5 * labels.length,
              x -> Aten.crossEntropySum(x.get(0), labelled, given, IGNORED, smoothing),
              x -> x.get(0).logSoftmax(1).mul(minusTargets).sum())
          .on(manager.randomNormal(shape).mul(3));
    }
  }

  @Test
  void isZeroWithoutLabelledPixels() {
    try (NDManager manager = Agreement.newManager()) {
      NDArray logits = Agreement.normal(manager, 1, 3, 2, 2);
      NDArray labels = manager.full(new Shape(1, 2, 2), IGNORED).toType(DataType.INT64, false);
      assertEquals(0, Aten.crossEntropySum(logits, labels, null, IGNORED, 0).getFloat());
    }
  }

  private static float[] weights(int classes, boolean weighted) {
    float[] weights = new float[classes];
    Arrays.fill(weights, 1);
    for (int k = 0; weighted && k < classes; k++) {
      weights[k] = 0.5f + k % 4;
    }
    return weights;
  }

  /** By how much each logarithm of a probability counts. */
  private static float[] targets(long[] labels, float[] weights, int pixels, double smoothing) {
    int classes = weights.length;
    float[] targets = new float[labels.length * classes];
    for (int i = 0; i < labels.length; i++) {
      for (int k = 0; labels[i] != IGNORED && k < classes; k++) {
        double share = smoothing / classes + (k == labels[i] ? 1 - smoothing : 0);
        targets[(i / pixels * classes + k) * pixels + i % pixels] = (float) (share * weights[k]);
      }
    }
    return targets;
  }
}
