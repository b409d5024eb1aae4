package org.segtrain.djl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.segtrain.heads.HeadVariant;

final class MeanIouTest {

  private static final String KEY = "validate/epoch";

  private final NDManager manager = NDManager.newBaseManager("PyTorch");
  private MeanIou iou;

  @BeforeEach
  void make() {
    iou = MeanIou.of(TinyModels.of(HeadVariant.FPN, 2, manager), List.of("sky", "road"));
    iou.addAccumulator(KEY);
  }

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void isThatOfAllPixelsAndNotTheMeanOfTheBatches() {
    NDList predictions = new NDList(scores(0, 0, 1, 1));
    NDList right = labels(0, 0, 1, 1);
    NDList wrong = labels(1, 1, 1, 1);
    assertEquals(1, iou.evaluate(right, predictions).getFloat(), 1e-6);
    assertEquals(0.25, iou.evaluate(wrong, predictions).getFloat(), 1e-6); // 0/2 and 2/4
    iou.updateAccumulator(KEY, right, predictions);
    iou.updateAccumulator(KEY, wrong, predictions);
    // class 0: both 2, labelled 2, predicted 4: 2/4; class 1: both 4, labelled 6, predicted 4: 4/6
    assertEquals((0.5 + 4 / 6.0) / 2, iou.getAccumulator(KEY), 1e-6);
    assertEquals(4 / 6.0, iou.metrics(KEY).iou().get(1), 1e-12);
  }

  @Test
  void voidPixelsDoNotCount() {
    NDList predictions = new NDList(scores(0, 1, 1, 0));
    iou.updateAccumulator(KEY, labels(0, 1, 255, 255), predictions);
    assertEquals(1, iou.getAccumulator(KEY), 1e-6);
  }

  @Test
  void beginsAgainAfterAResetAndHasNoValueBeforeTheFirstPixel() {
    iou.updateAccumulator(KEY, labels(0, 0, 0, 0), new NDList(scores(0, 0, 1, 1)));
    iou.resetAccumulator(KEY);
    assertTrue(Float.isNaN(iou.getAccumulator(KEY)));
    iou.updateAccumulator(KEY, labels(0, 0, 1, 1), new NDList(scores(0, 0, 1, 1)));
    assertEquals(1, iou.getAccumulator(KEY), 1e-6);
  }

  @Test
  void scoresAreEnlargedToTheLabelsAndAuxiliaryOnesLeftOut() {
    NDArray labels = manager.create(new long[64], new Shape(1, 8, 8));
    NDList scores = new NDList(scores(0, 0, 0, 0), scores(1, 1, 1, 1));
    iou.updateAccumulator(KEY, new NDList(labels), scores);
    assertEquals(1, iou.getAccumulator(KEY), 1e-6);
    assertEquals(64, iou.metrics(KEY).accuracy() * 64, 0);
  }

  @Test
  void leavesNothingInTheManager() {
    NDList labels = labels(0, 0, 1, 1);
    NDList scores = new NDList(scores(0, 0, 1, 1));
    int before = manager.getManagedArrays().size();
    iou.updateAccumulator(KEY, labels, scores);
    iou.evaluate(labels, scores).close();
    assertEquals(before, manager.getManagedArrays().size());
  }

  @Test
  void anotherNumberOfClassesIsRefusedWithBothNumbers() {
    NDArray three = manager.zeros(new Shape(1, 3, 2, 2));
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> iou.evaluate(labels(0, 0, 0, 0), new NDList(three)))
            .getMessage();
    assertTrue(message.contains("3 classes") && message.contains("for 2"), message);
  }

  /** {@code 1 2 2 2}, highest for the given classes. */
  private NDArray scores(int... classes) {
    float[] values = new float[8];
    for (int i = 0; i < 4; i++) {
      values[4 * classes[i] + i] = 1;
    }
    return manager.create(values, new Shape(1, 2, 2, 2));
  }

  /** {@code 1 2 2}. */
  private NDList labels(long... classes) {
    return new NDList(manager.create(classes, new Shape(1, 2, 2)));
  }
}
