package org.segtrain.djl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.segtrain.data.Sample;
import org.segtrain.data.ShapesDataset;
import org.segtrain.data.internal.Batch;
import org.segtrain.engine.Aten;
import org.segtrain.engine.Autograd;
import org.segtrain.engine.StateDict;
import org.segtrain.heads.HeadVariant;
import org.segtrain.heads.SegmentationModel;
import org.segtrain.loss.LossMean;
import org.segtrain.loss.internal.ClassWeights;
import org.segtrain.loss.internal.PixelWeight;
import org.segtrain.loss.internal.SegmentationLoss;

final class SegmentationCrossEntropyTest {

  private static final int CLASSES = 4;

  private final NDManager manager = NDManager.newBaseManager("PyTorch");
  private final SplittableRandom random = new SplittableRandom(3);

  @AfterEach
  void close() {
    manager.close();
  }

  @Tag("slow")
  @Test
  @SuppressWarnings("try")
  void gradientsAreThoseOfThisProjectsTraining() {
    SegmentationModel model = TinyModels.of(HeadVariant.UPERNET, CLASSES, manager);
    assertEquals(2, model.lossWeights().size(), "with an auxiliary head");
    NDArray images = manager.randomNormal(new Shape(2, 3, 64, 64));
    byte[] classes = labels(2 * 64 * 64);
    NDArray labels = array(classes, 2, 64, 64);
    ParameterStore parameters = new ParameterStore(manager, false);
    List<NDArray> weights = weights(model);

    double pixelWeight =
        PixelWeight.of(
            PixelWeight.total(
                LossMean.VALID,
                new Batch(2, 64, 64, new byte[2 * 64 * 64 * 3], classes, List.of("a", "b")),
                ClassWeights.equal(CLASSES)));
    List<NDArray> expected;
    double expectedLoss = 0;
    try (Autograd on = Autograd.on()) {
      NDList scores = model.forward(parameters, new NDList(images), true);
      List<NDArray> outputGradients = new ArrayList<>();
      for (int i = 0; i < scores.size(); i++) {
        SegmentationLoss loss =
            SegmentationLoss.of(
                scores.get(i), labels, null, model.lossWeights().get(i) * pixelWeight, false);
        expectedLoss += loss.value();
        outputGradients.add(loss.gradient());
      }
      expected = Autograd.gradients(scores, outputGradients, weights);
    }

    double value;
    try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
      NDList scores = model.forward(parameters, new NDList(images), true);
      NDArray loss = SegmentationCrossEntropy.of(model).evaluate(new NDList(labels), scores);
      value = loss.getFloat();
      collector.backward(loss);
    }

    assertEquals(expectedLoss, value, 1e-6);
    for (int i = 0; i < weights.size(); i++) {
      float[] own = expected.get(i).toFloatArray();
      assertArrayEquals(own, weights.get(i).getGradient().toFloatArray(), 1e-6f, "weight " + i);
    }
    assertTrue(expected.stream().anyMatch(g -> g.abs().max().getFloat() > 1e-3), "all are small");
  }

  @Test
  void isTheMeanOverThePixelsThatAreNotVoid() {
    NDArray scores = scores(2);
    byte[] classes = labels(2 * 17 * 23);
    NDArray labels = array(classes, 2, 17, 23);
    long valid = countValid(classes);
    assertTrue(valid < classes.length);
    double sum =
        Aten.crossEntropySum(
                Aten.resizeBilinear(scores, 17, 23, false), labels, null, Sample.VOID, 0)
            .getFloat();
    assertEquals(
        sum / valid, loss().evaluate(new NDList(labels), new NDList(scores)).getFloat(), 1e-5);
  }

  @Test
  @SuppressWarnings("try")
  void oneImageAloneHasTheGradientOfTheWholeGraphTimesAnyFactor() {
    NDArray scores = scores(1);
    byte[] classes = labels(17 * 23);
    NDArray labels = array(classes, 1, 17, 23);
    scores.setRequiresGradient(true);
    NDArray expected;
    try (Autograd on = Autograd.on()) {
      NDArray large = Aten.resizeBilinear(scores, 17, 23, false);
      NDArray sum = Aten.crossEntropySum(large, labels, null, Sample.VOID, 0);
      NDArray mean = Aten.scaled(sum, 3.0 / countValid(classes));
      expected = Autograd.gradients(mean, List.of(scores)).get(0);
    }
    try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
      NDArray loss = loss().evaluate(new NDList(labels), new NDList(scores));
      collector.backward(Aten.scaled(loss, 3));
    }
    assertArrayEquals(expected.toFloatArray(), scores.getGradient().toFloatArray(), 1e-6f);
    assertTrue(expected.abs().max().getFloat() > 1e-3);
  }

  @Test
  void classesMayBeWeighted() {
    ShapesDataset shapes = new ShapesDataset(32, 4, 1);
    ClassWeights weights = ClassWeights.of(shapes, 0.5);
    NDArray scores = manager.randomNormal(new Shape(1, shapes.classes().size(), 8, 8));
    NDArray labels = manager.create(new long[32 * 32], new Shape(1, 32, 32)); // one class
    SegmentationModel model = TinyModels.of(HeadVariant.FPN, shapes.classes().size(), manager);
    NDList batch = new NDList(labels);
    float equal = SegmentationCrossEntropy.of(model).evaluate(batch, new NDList(scores)).getFloat();
    float weighted =
        SegmentationCrossEntropy.of(model, shapes, 0.5)
            .evaluate(batch, new NDList(scores))
            .getFloat();
    assertEquals(equal, weighted, 1e-5, "the mean over one class is not changed by its weight");
    NDArray two = manager.create(twoClasses(), new Shape(1, 32, 32));
    NDArray classWeights = weights.array(manager);
    double sum =
        Aten.crossEntropySum(
                Aten.resizeBilinear(scores, 32, 32, false), two, classWeights, Sample.VOID, 0)
            .getFloat();
    double total = 512 * (classWeights.getFloat(0) + classWeights.getFloat(1));
    assertEquals(
        sum / total,
        SegmentationCrossEntropy.of(model, shapes, 0.5)
            .evaluate(new NDList(two), new NDList(scores))
            .getFloat(),
        1e-5);
  }

  @Test
  void nothingButVoidGivesZeroAndNoGradient() {
    NDArray scores = scores(1);
    scores.setRequiresGradient(true);
    byte[] classes = new byte[17 * 23];
    Arrays.fill(classes, (byte) Sample.VOID);
    try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
      NDArray loss = loss().evaluate(new NDList(array(classes, 1, 17, 23)), new NDList(scores));
      assertEquals(0, loss.getFloat(), 0);
      collector.backward(loss);
    }
    assertArrayEquals(new float[CLASSES * 30], scores.getGradient().toFloatArray());
  }

  @Test
  void leavesNothingInTheManagerButTheLoss() {
    NDArray scores = scores(3);
    NDArray labels = array(labels(3 * 17 * 23), 3, 17, 23);
    SegmentationCrossEntropy loss = loss();
    int before = manager.getManagedArrays().size();
    loss.evaluate(new NDList(labels), new NDList(scores)).close();
    assertEquals(before, manager.getManagedArrays().size());
  }

  @Test
  void aLabelThatIsNoClassIsRefusedWithBothNumbers() {
    NDArray labels = manager.create(new long[] {0, 1, 9, 9}, new Shape(1, 2, 2));
    assertRefused(
        () -> loss().evaluate(new NDList(labels), new NDList(scores(1))), "2 pixels", "9", "0-3");
  }

  @Test
  void labelsOfAnotherShapeAreRefusedWithBothShapes() {
    NDArray labels = manager.create(new long[4], new Shape(1, 1, 2, 2));
    assertRefused(
        () -> loss().evaluate(new NDList(labels), new NDList(scores(1))),
        "(1, 1, 2, 2)",
        "(1, 4, 5, 6)");
  }

  private SegmentationCrossEntropy loss() {
    return SegmentationCrossEntropy.of(TinyModels.of(HeadVariant.FPN, CLASSES, manager));
  }

  private static void assertRefused(Runnable action, String... parts) {
    String message = assertThrows(IllegalArgumentException.class, action::run).getMessage();
    for (String part : parts) {
      assertTrue(message.contains(part), message);
    }
  }

  private static List<NDArray> weights(SegmentationModel model) {
    return StateDict.of(model).values().stream()
        .filter(parameter -> parameter.requiresGradient())
        .map(parameter -> parameter.getArray())
        .toList();
  }

  private static long countValid(byte[] labels) {
    long valid = 0;
    for (byte label : labels) {
      valid += label == (byte) Sample.VOID ? 0 : 1;
    }
    return valid;
  }

  private static long[] twoClasses() {
    long[] labels = new long[32 * 32];
    Arrays.fill(labels, 512, 1024, 1);
    return labels;
  }

  private NDArray scores(int images) {
    return manager.randomNormal(new Shape(images, CLASSES, 5, 6));
  }

  private byte[] labels(int count) {
    byte[] labels = new byte[count];
    for (int i = 0; i < count; i++) {
      int label = random.nextInt(CLASSES + 1);
      labels[i] = (byte) (label == CLASSES ? Sample.VOID : label);
    }
    return labels;
  }

  private NDArray array(byte[] labels, long... shape) {
    long[] values = new long[labels.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = Byte.toUnsignedInt(labels[i]);
    }
    return manager.create(values, new Shape(shape));
  }
}
