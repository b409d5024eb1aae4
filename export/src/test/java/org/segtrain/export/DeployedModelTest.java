package org.segtrain.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.segtrain.augment.ImageRules;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.config.Precision;
import org.segtrain.engine.Aten;
import org.segtrain.engine.StateDict;
import org.segtrain.errors.UsageException;
import org.segtrain.heads.HeadVariant;

final class DeployedModelTest {

  private static final int CLASSES = 5;
  private static final int HEIGHT = 45;
  private static final int WIDTH = 70;
  private static final float[] MEAN = {123.675f, 116.28f, 103.53f};
  private static final float[] STD = {58.395f, 57.12f, 57.375f};

  private static ExportSource original;
  private static NDManager manager;
  private static byte[] rgb; // 2 H W 3
  private static NDArray bytes;

  @BeforeAll
  static void open() {
    original = ExportSource.fresh(BackboneVariant.PVT_TINY, HeadVariant.FPN, CLASSES, 1);
    manager = NDManager.newBaseManager("PyTorch");
    rgb = new byte[2 * HEIGHT * WIDTH * 3];
    new Random(2).nextBytes(rgb);
    bytes = manager.create(ByteBuffer.wrap(rgb), new Shape(2, HEIGHT, WIDTH, 3), DataType.UINT8);
  }

  @AfterAll
  static void close() {
    manager.close();
    original.close();
  }

  @ParameterizedTest
  @EnumSource
  void bytesAreNormalisedAsInTraining(ImageRules rules) {
    NDArray ofBytes = run(rules, InputForm.UINT8, OutputForm.LOGITS, false, bytes).head();
    NDArray ofNumbers =
        run(rules, InputForm.FLOAT, OutputForm.LOGITS, false, numbers(rules)).head();
    assertArrayEquals(ofNumbers.toFloatArray(), ofBytes.toFloatArray(), 1e-5f);
    assertEquals(new Shape(2, CLASSES, HEIGHT / 4, WIDTH / 4), ofBytes.getShape());
  }

  /** {@code B 3 H W}, computed one by one. */
  private static NDArray numbers(ImageRules rules) {
    int pixels = HEIGHT * WIDTH;
    float[] values = new float[rgb.length];
    for (int i = 0; i < rgb.length; i++) {
      int image = i / 3 / pixels;
      int colour = rules.isOfHrformer() ? 2 - i % 3 : i % 3;
      values[(3 * image + colour) * pixels + i / 3 % pixels] =
          ((rgb[i] & 0xff) - MEAN[colour]) / STD[colour];
    }
    return manager.create(values, new Shape(2, 3, HEIGHT, WIDTH));
  }

  @Test
  void scoresAtFullSizeAreThoseAtAQuarterEnlarged() {
    NDArray scores = run(OutputForm.LOGITS).head();
    NDArray full = run(OutputForm.FULL_LOGITS).head();
    boolean alignCorners = original.model().alignCorners();
    NDArray enlarged = Aten.resizeBilinear(scores, HEIGHT, WIDTH, alignCorners);
    assertArrayEquals(enlarged.toFloatArray(), full.toFloatArray(), 1e-6f);
  }

  @Test
  void aClassIsThatOfTheHighestScoreAndConfidenceItsProbability() {
    float[] full = run(OutputForm.FULL_LOGITS).head().toFloatArray();
    NDList outputs = run(OutputForm.CLASS_MAP, true);
    byte[] classes = outputs.get(0).toByteArray();
    float[] confidence = outputs.get(1).toFloatArray();
    int pixels = HEIGHT * WIDTH;
    for (int i = 0; i < 2 * pixels; i++) {
      int first = i / pixels * CLASSES * pixels + i % pixels;
      int best = 0;
      double sum = 0;
      for (int k = 0; k < CLASSES; k++) {
        sum += Math.exp(full[first + k * pixels]);
        best = full[first + k * pixels] > full[first + best * pixels] ? k : best;
      }
      assertEquals(best, classes[i]);
      assertEquals(Math.exp(full[first + best * pixels]) / sum, confidence[i], 1e-5);
    }
  }

  @ParameterizedTest
  @EnumSource
  void shapesAreThoseThatItDeclares(OutputForm output) {
    boolean confidence = output == OutputForm.CLASS_MAP;
    NDList found = run(output, confidence);
    Shape[] declared =
        deployed(InputForm.UINT8, output, confidence)
            .getOutputShapes(new Shape[] {bytes.getShape()});
    assertArrayEquals(declared, found.getShapes());
    assertEquals(found.size(), output.ports(CLASSES, confidence).size());
  }

  @Test
  void itsParametersAreTheModelsUnderTheSameNames() {
    DeployedModel deployed = deployed(InputForm.UINT8, OutputForm.CLASS_MAP, false);
    assertEquals(StateDict.of(original.model()), StateDict.of(deployed));
  }

  @Test
  void tf32IsNoPrecisionOfAFile() {
    assertThrows(
        UsageException.class,
        () ->
            new Deployment(
                InputForm.FLOAT, OutputForm.LOGITS, false, Precision.TF32, Optimization.NONE));
  }

  @Test
  void equalSeedsGiveEqualWeights() {
    try (ExportSource again =
            ExportSource.fresh(BackboneVariant.PVT_TINY, HeadVariant.FPN, CLASSES, 1);
        ExportSource other =
            ExportSource.fresh(BackboneVariant.PVT_TINY, HeadVariant.FPN, CLASSES, 3)) {
      assertArrayEquals(weights(original), weights(again));
      assertFalse(Arrays.equals(weights(original), weights(other)));
    }
  }

  private static float[] weights(ExportSource model) {
    return StateDict.of(model.model()).get("decode_head.conv_seg.weight").getArray().toFloatArray();
  }

  private static NDList run(OutputForm output) {
    return run(output, false);
  }

  private static NDList run(OutputForm output, boolean confidence) {
    return run(ImageRules.ALIGNED, InputForm.UINT8, output, confidence, bytes);
  }

  private static NDList run(
      ImageRules rules, InputForm input, OutputForm output, boolean confidence, NDArray images) {
    DeployedModel model =
        new DeployedModel(original.model(), rules, form(input, output, confidence));
    return model.forward(new ParameterStore(manager, false), new NDList(images), false);
  }

  private static DeployedModel deployed(InputForm input, OutputForm output, boolean confidence) {
    return original.deployed(form(input, output, confidence));
  }

  private static Deployment form(InputForm input, OutputForm output, boolean confidence) {
    return new Deployment(input, output, confidence, Precision.FP32, Optimization.NONE);
  }
}
