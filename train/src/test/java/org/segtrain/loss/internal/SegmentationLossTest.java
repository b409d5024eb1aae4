package org.segtrain.loss.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.segtrain.data.Sample;
import org.segtrain.engine.Aten;
import org.segtrain.engine.Autograd;
import org.segtrain.engine.internal.CpuKernels;

final class SegmentationLossTest {

  private static final int CLASSES = 5;

  private final NDManager manager = NDManager.newBaseManager("PyTorch");
  private final SplittableRandom random = new SplittableRandom(3);

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  @SuppressWarnings("try")
  void equalsTheLossOfTheWholeBatchAndItsGradient() {
    NDArray scores = scores(3);
    NDArray labels = manager.create(labels(3), new Shape(3, 17, 23));
    double weight = 1.0 / 400;
    try (Autograd on = Autograd.on()) {
      SegmentationLoss loss = SegmentationLoss.of(scores, labels, null, weight, false);
      scores.setRequiresGradient(true);
      NDArray large = Aten.resizeBilinear(scores, 17, 23, false);
      NDArray whole = Aten.crossEntropySum(large, labels, null, Sample.VOID, 0).mul((float) weight);
      NDArray gradient = Autograd.gradients(whole, List.of(scores)).get(0);
      assertEquals(whole.getFloat(), loss.value(), 1e-5);
      assertEquals(gradient.getShape(), loss.gradient().getShape());
      assertArrayEquals(gradient.toFloatArray(), loss.gradient().toFloatArray(), 1e-7f);
    }
  }

  /** The mean of the negative log-probabilities of all classes takes its share of the target. */
  @Test
  @SuppressWarnings("try")
  void smoothingSpreadsItsShareOfTheTargetOverAllClasses() {
    NDArray scores = scores(1);
    long[] values = new long[30];
    Arrays.setAll(values, i -> i % 7 == 0 ? Sample.VOID : i % CLASSES);
    NDArray labels = manager.create(values, new Shape(1, 5, 6));
    double target = 0;
    double all = 0;
    float[] logs = scores.logSoftmax(1).toFloatArray();
    for (int i = 0; i < values.length; i++) {
      for (int k = 0; k < CLASSES && values[i] != Sample.VOID; k++) {
        all -= logs[k * values.length + i] / CLASSES;
        target -= k == values[i] ? logs[k * values.length + i] : 0;
      }
    }
    try (Autograd on = Autograd.on()) {
      SegmentationLoss loss = SegmentationLoss.of(scores, labels, null, 1, false, 0.25);
      assertEquals(0.75 * target + 0.25 * all, loss.value(), 1e-4);
    }
  }

  @Test
  @SuppressWarnings("try")
  void aVoidImageAddsNothingAndHasNoGradient() {
    long[] values = labels(2);
    Arrays.fill(values, 17 * 23, 2 * 17 * 23, Sample.VOID);
    NDArray labels = manager.create(values, new Shape(2, 17, 23));
    NDArray scores = scores(2);
    try (Autograd on = Autograd.on()) {
      SegmentationLoss both = SegmentationLoss.of(scores, labels, null, 1, false);
      SegmentationLoss first =
          SegmentationLoss.of(scores.get("0:1"), labels.get("0:1"), null, 1, false);
      assertEquals(first.value(), both.value(), 0);
      assertArrayEquals(new float[CLASSES * 5 * 6], both.gradient().get(1).toFloatArray());
    }
  }

  @Test
  @SuppressWarnings("try")
  void scoresMayHaveTheSizeOfTheLabels() {
    NDArray scores = scores(1);
    NDArray labels = manager.create(new long[30], new Shape(1, 5, 6));
    try (Autograd on = Autograd.on()) {
      SegmentationLoss loss = SegmentationLoss.of(scores, labels, null, 1, false);
      assertEquals(scores.getShape(), loss.gradient().getShape());
    }
  }

  /** Where there are kernels: the largest arrays of a step. */
  @Test
  void crossEntropyMakesNoEnlargedScores() {
    NDArray small = scores(1);
    assumeTrue(CpuKernels.serve(small));
    Scores scores =
        new Scores(
            small,
            () -> {
              throw new AssertionError("enlarged");
            },
            false);
    NDArray labels = manager.create(labels(1), new Shape(1, 17, 23));
    NDArray large = Aten.resizeBilinear(small, 17, 23, false);
    double expected = Aten.crossEntropySum(large, labels, null, Sample.VOID, 0).getFloat();
    double sum = new PixelLosses(null, 0).crossEntropy(scores, labels).getDouble();
    assertEquals(expected, sum, 1e-6 * expected);
  }

  @Test
  @SuppressWarnings("try")
  void leavesNothingInTheManagerButWhatItGives() {
    NDArray scores = scores(3);
    NDArray labels = manager.create(labels(3), new Shape(3, 17, 23));
    int before = manager.getManagedArrays().size();
    try (Autograd on = Autograd.on()) {
      SegmentationLoss.of(scores, labels, null, 1, false);
    }
    assertEquals(before + 2, manager.getManagedArrays().size());
  }

  private NDArray scores(int images) {
    float[] values = new float[images * CLASSES * 5 * 6];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return manager.create(values, new Shape(images, CLASSES, 5, 6));
  }

  private long[] labels(int images) {
    long[] values = new long[images * 17 * 23];
    for (int i = 0; i < values.length; i++) {
      int label = random.nextInt(CLASSES + 1);
      values[i] = label == CLASSES ? Sample.VOID : label;
    }
    return values;
  }
}
