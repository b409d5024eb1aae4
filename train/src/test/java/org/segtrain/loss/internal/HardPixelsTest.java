package org.segtrain.loss.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.segtrain.data.Sample;

final class HardPixelsTest {

  private static final int CLASSES = 3;
  private static final int PIXELS = 2 * 6 * 7;

  private final NDManager manager = NDManager.newBaseManager("PyTorch");
  private final SplittableRandom random = new SplittableRandom(5);

  @AfterEach
  void close() {
    manager.close();
  }

  /** Scores have the size of the labels, so that they need not be enlarged by hand. */
  @ParameterizedTest
  @ValueSource(ints = {0, 5, 40, 1000})
  void areThoseBelowTheThresholdOfProbability(int kept) {
    float[] scores = new float[2 * CLASSES * 6 * 7];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = (float) (4 * random.nextGaussian());
    }
    long[] labels = new long[PIXELS];
    Arrays.setAll(labels, i -> random.nextInt(5) == 0 ? Sample.VOID : random.nextInt(CLASSES));
    double[] right =
        IntStream.range(0, PIXELS).mapToDouble(i -> right(scores, labels, i)).toArray();
    double[] sorted = Arrays.stream(right).filter(p -> !Double.isNaN(p)).sorted().toArray();
    double threshold = Math.max(0.9, sorted[Math.min(kept, sorted.length - 1)]);
    long[] expected = labels.clone();
    for (int i = 0; i < PIXELS; i++) {
      if (!(right[i] < threshold)) {
        expected[i] = Sample.VOID;
      }
    }

    HardPixels hard = find(scores, labels, kept);
    assertArrayEquals(expected, hard.labels().toLongArray());
    long count = Arrays.stream(expected).filter(label -> label != Sample.VOID).count();
    assertEquals(count, hard.count().getLong());
    assertEquals(1.0 / count, hard.pixelWeight(1).getDouble());
  }

  @Test
  void thereAreNoneInAVoidBatch() {
    long[] labels = new long[PIXELS];
    Arrays.fill(labels, Sample.VOID);
    HardPixels hard = find(new float[2 * CLASSES * 6 * 7], labels, 10);
    assertArrayEquals(labels, hard.labels().toLongArray());
    assertEquals(1, hard.pixelWeight(1).getDouble());
  }

  private HardPixels find(float[] scores, long[] labels, int kept) {
    NDArray all = manager.create(scores, new Shape(2, CLASSES, 6, 7));
    return HardPixels.of(all, manager.create(labels, new Shape(2, 6, 7)), false, 0.9, kept);
  }

  /** The probability of the class of a pixel, NaN if it is void. */
  private static double right(float[] scores, long[] labels, int pixel) {
    if (labels[pixel] == Sample.VOID) {
      return Double.NaN;
    }
    int first = pixel / 42 * CLASSES * 42 + pixel % 42;
    double sum =
        IntStream.range(0, CLASSES).mapToDouble(k -> Math.exp(scores[first + 42 * k])).sum();
    return Math.exp(scores[first + 42 * (int) labels[pixel]]) / sum;
  }
}
