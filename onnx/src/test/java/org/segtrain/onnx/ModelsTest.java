package org.segtrain.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.onnxruntime.OrtException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.segtrain.backbones.BackboneConfig;
import org.segtrain.backbones.BackboneVariant;
import org.segtrain.engine.StateDict;
import org.segtrain.heads.HeadVariant;
import org.segtrain.heads.SegmentationModel;
import org.segtrain.onnx.internal.OnnxRuntime;
import org.segtrain.torchscript.Recordings;
import org.segtrain.torchscript.Samples;

/** The smallest backbone of each family with heads, in DJL and in ONNX Runtime. */
class ModelsTest {

  private static final int CLASSES = 5;
  private static final int FEATURES = 32; // in heads: what is computed is the same for any number
  private static final Samples IMAGES = Samples.ofImages(32, 1, new Shape(-1, 3, -1, -1));

  /** Few pixels, for what need not hold above 128 of them on a side: all but windows. */
  private static final Samples SMALL =
      Samples.ofShapes(
          List.of(
              new Shape(1, 3, 44, 101),
              new Shape(1, 3, 115, 65),
              new Shape(1, 3, 57, 110),
              new Shape(2, 3, 110, 44),
              new Shape(1, 3, 68, 122),
              new Shape(3, 3, 91, 81)),
          List.of(new Shape(4, 3, 52, 90)));

  /** None of these sizes, and no such batch, was recorded. */
  private static final List<Shape> UNSEEN =
      List.of(new Shape(4, 3, 52, 90), new Shape(6, 3, 84, 50));

  /**
   * Of the spread of the scores. Through the depth of these networks a different order of sums in
   * float32, 6e-8 each, grows to a few 1e-6; one wrong pixel or weight makes more than 1e-3.
   */
  private static final double TOLERANCE = 1e-4;

  @Test
  void bothGiveTheSameScoresOfTheSimplestModel() throws OrtException {
    bothGiveTheSameScoresForImagesOfOtherSizes(BackboneVariant.PVT_TINY, HeadVariant.FPN);
  }

  @Tag("slow")
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          PVT_TINY, SEGFORMER
          PVT_TINY, UPERNET
          PVT_TINY, OCR
          SHUNTED_TINY, FPN
          MPVIT_TINY, SEGFORMER
          HRFORMER_TINY, OCR
          PVT_TINY, FCN
          PVT_TINY, SEGFORMER_768
          PVT_TINY, SEGFORMER_MMSEG
          PVT_TINY, OCR_MMSEG
          """)
  void bothGiveTheSameScoresForImagesOfOtherSizes(BackboneVariant backbone, HeadVariant head)
      throws OrtException {
    Samples samples = backbone.name().startsWith("HR") ? IMAGES : SMALL;
    bothGiveTheSameScores(backbone.config(), head, samples);
  }

  @Tag("slow")
  @ParameterizedTest
  @EnumSource(names = "FPN")
  void bothGiveTheSameScoresOfNarrowHrvits(HeadVariant head) throws OrtException {
    bothGiveTheSameScores(NarrowBackbones.HRVIT, head, IMAGES);
  }

  @Tag("slow")
  @ParameterizedTest
  @EnumSource(names = "SEGFORMER")
  void bothGiveTheSameScoresOfNarrowHrformers(HeadVariant head) throws OrtException {
    bothGiveTheSameScores(NarrowBackbones.HRFORMER, head, IMAGES);
  }

  @Tag("slow")
  @EnabledIfSystemProperty(named = "tests.all", matches = "true")
  @ParameterizedTest
  @CsvSource({"SHUNTED_TINY, UPERNET", "MPVIT_TINY, FPN"})
  void bothGiveTheSameScoresWithAnotherHead(BackboneVariant backbone, HeadVariant head)
      throws OrtException {
    bothGiveTheSameScores(backbone.config(), head, SMALL);
  }

  @Tag("slow")
  @EnabledIfSystemProperty(named = "tests.all", matches = "true")
  @Test
  void bothGiveTheSameScoresOfTheNarrowWithAnotherHead() throws OrtException {
    bothGiveTheSameScores(NarrowBackbones.HRVIT, HeadVariant.UPERNET, IMAGES);
    bothGiveTheSameScores(NarrowBackbones.HRFORMER, HeadVariant.UPERNET, IMAGES);
  }

  @Tag("slow")
  @ParameterizedTest
  @EnumSource(names = "OCR")
  void bothGiveTheSameScoresOfOneLogit(HeadVariant head) throws OrtException {
    bothGiveTheSameScores(BackboneVariant.PVT_TINY.config(), head, 2, SMALL);
  }

  private static void bothGiveTheSameScores(
      BackboneConfig backbone, HeadVariant head, Samples samples) throws OrtException {
    bothGiveTheSameScores(backbone, head, CLASSES, samples);
  }

  /** Of two classes with one logit. */
  private static void bothGiveTheSameScores(
      BackboneConfig backbone, HeadVariant head, int classes, Samples samples) throws OrtException {
    try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager(Device.cpu())) {
      Engine.getEngine("PyTorch").setRandomSeed(1);
      Block model =
          SegmentationModel.builder()
              .setBackbone(backbone.build(0))
              .setHead(head)
              .setClasses(classes)
              .optOneLogit(classes == 2)
              .optFeatures(FEATURES)
              .optDropout(0)
              .build();
      model.initialize(manager, DataType.FLOAT32, new Shape(1, 3, 64, 64));
      unsettle(model);
      byte[] file = Onnx.of(Recordings.of(model, samples)).model().toByteArray();
      try (OnnxRuntime runtime = new OnnxRuntime(file)) {
        for (Shape shape : UNSEEN) {
          check(model, runtime, manager.randomNormal(0f, 1f, shape, DataType.FLOAT32));
        }
      }
    }
  }

  private static void check(Block model, OnnxRuntime runtime, NDArray images) throws OrtException {
    ParameterStore parameters = new ParameterStore(images.getManager(), false);
    NDArray expected = model.forward(parameters, new NDList(images), false).singletonOrThrow();
    NDArray actual = runtime.run(new NDList(images)).singletonOrThrow();
    assertEquals(expected.getShape(), actual.getShape());
    float spread = expected.max().sub(expected.min()).getFloat();
    assertArrayEquals(expected.toFloatArray(), actual.toFloatArray(), (float) (TOLERANCE * spread));
  }

  /** Moves norms away from their first values, which hide some branches and all statistics. */
  private static void unsettle(Block model) {
    for (Parameter parameter : StateDict.of(model).values()) {
      NDArray array = parameter.getArray();
      NDManager manager = array.getManager();
      switch (parameter.getType()) {
        case GAMMA, RUNNING_VAR ->
            manager.randomUniform(0.5f, 1.5f, array.getShape()).copyTo(array);
        case BETA, RUNNING_MEAN ->
            manager.randomUniform(-0.2f, 0.2f, array.getShape()).copyTo(array);
        default -> {}
      }
    }
  }
}
