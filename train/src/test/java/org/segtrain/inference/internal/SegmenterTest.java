package org.segtrain.inference.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.segtrain.data.Refusals.assertRefused;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.segtrain.augment.Fitting;
import org.segtrain.augment.ImageRules;
import org.segtrain.config.Precision;
import org.segtrain.config.TrainConfig;
import org.segtrain.data.Confidences;
import org.segtrain.data.Picture;
import org.segtrain.data.SkippingDataset;
import org.segtrain.data.Split;
import org.segtrain.engine.Aten;
import org.segtrain.heads.SegmentationModel;
import org.segtrain.images.InputSize;
import org.segtrain.inference.EvaluationProgress;
import org.segtrain.train.TinyData;
import org.segtrain.train.TinyRuns;

class SegmenterTest {

  private static final TrainConfig PADDED = TinyRuns.config("{\"images\": \"hrformer\"}");

  private static final double RAMP = 0.05; // of the score, a pixel

  private final NDManager manager = NDManager.newBaseManager("PyTorch");

  @AfterEach
  void closeManager() {
    manager.close();
  }

  @Test
  void paddingIsTakenOffThePrediction() {
    Picture picture = noise(45, 37);
    Picture padded = PADDED.views().get(0).apply(picture).picture();
    assertEquals(48, padded.width());
    SegmentationModel model = TinyRuns.build(PADDED, 5, manager);
    try (Segmenter segmenter = new Segmenter(manager, Network.of(model), PADDED)) {
      byte[] all = segmenter.segment(padded);
      byte[] visible = segmenter.segment(picture);
      for (int y = 0; y < 37; y++) {
        assertArrayEquals(
            Arrays.copyOfRange(all, 48 * y, 48 * y + 45),
            Arrays.copyOfRange(visible, 45 * y, 45 * y + 45));
      }
    }
  }

  @Test
  void predictionsHaveTheSizeOfThePhotograph() {
    for (ImageRules rules : ImageRules.values()) {
      TrainConfig config = TinyRuns.config("{\"images\": \"%s\"}".formatted(rules));
      SegmentationModel model = TinyRuns.build(config, 5, manager);
      try (Segmenter segmenter = new Segmenter(manager, Network.of(model), config)) {
        assertEquals(23 * 10, segmenter.segment(noise(23, 10)).length);
      }
    }
  }

  /** Two classes; how far from the middle of the image decides, so that windows matter. */
  @Test
  void scoresOfWindowsAreAveragedWhereTheyOverlap() {
    Picture picture = noise(75, 50);
    TrainConfig config =
        TinyRuns.config(
            "{\"data\": {\"images\": \"exact\", \"crop\": 32}, \"evaluation\":"
                + " {\"size\": \"original\", \"window\": \"32x40\", \"stride\": \"20x30\"}}");
    byte[] expected = new byte[75 * 50];
    double[] first = new double[expected.length];
    double[] second = new double[expected.length];
    for (int top : new int[] {0, 18}) {
      for (int left : new int[] {0, 30, 35}) {
        for (int y = 0; y < 32; y++) {
          for (int x = 0; x < 40; x++) {
            int i = (top + y) * 75 + left + x;
            first[i] += red(picture, i);
            second[i] += RAMP * (x - 19.5);
          }
        }
      }
    }
    for (int i = 0; i < expected.length; i++) {
      expected[i] = (byte) (second[i] > first[i] ? 1 : 0);
    }
    assertArrayEquals(expected, segmented(picture, config));
    assertTrue(countOf(expected) > 1000);
  }

  /** Of two classes it is the sigmoid of how much higher the chosen one scores. */
  @Test
  void confidenceComesFromTheMeanOverWindows() {
    Picture picture = noise(75, 50);
    TrainConfig config =
        TinyRuns.config(
            "{\"data\": {\"images\": \"exact\", \"crop\": 32}, \"evaluation\":"
                + " {\"size\": \"original\", \"window\": \"32x40\", \"stride\": \"18x35\"}}");
    Confidences found = new Confidences(75, 50, Confidences.Depth.SIXTEEN);
    assertArrayEquals(segmented(picture, config), segmented(picture, config, Optional.of(found)));
    for (int y = 0; y < 50; y++) {
      for (int x = 0; x < 75; x++) {
        double ramp = 0;
        int seen = 0;
        for (int left : new int[] {0, 35}) {
          if (x >= left && x < left + 40) {
            ramp += RAMP * (x - left - 19.5);
            seen++;
          }
        }
        double gap = Math.abs(ramp / seen - red(picture, y * 75 + x));
        assertEquals(share(gap), found.at(x, y), 1e-5, x + ", " + y);
      }
    }
  }

  @Test
  void aWindowAsLargeAsThePhotographIsThePhotograph() {
    Picture picture = noise(45, 37);
    TrainConfig whole =
        TinyRuns.config(
            "{\"data\": {\"images\": \"exact\"}, \"evaluation\": {\"size\": \"original\"}}");
    TrainConfig window = whole.with("evaluation.window", "37x45");
    assertArrayEquals(segmented(picture, whole), segmented(picture, window));
  }

  @Test
  void mirroredPhotographsAreTurnedBack() {
    Picture picture = noise(45, 37);
    TrainConfig both =
        TinyRuns.config(
            "{\"data\": {\"images\": \"exact\"}, \"evaluation\": {\"size\": \"original\", \"flip\":"
                + " true}}");
    byte[] found = segmented(picture, both);
    for (int i = 0; i < found.length; i++) {
      double ramp = RAMP * (i % 45 - 22);
      double share = share(ramp - red(picture, i)) + share(-ramp - red(picture, i));
      assertEquals(share > 1 ? 1 : 0, found[i], "pixel " + i);
    }
    assertTrue(countOf(found) > 100);
  }

  /** Each scale reads the photograph at the edges of evaluation times its factor. */
  @Test
  void probabilitiesOfScalesAreAveraged() {
    Picture picture = noise(90, 60);
    TrainConfig config =
        TinyRuns.config(
            "{\"data\": {\"images\": \"exact\"}, \"evaluation\": {\"size\": \"120x40\", \"scales\":"
                + " [1, 1.5]}}");
    double[] shares = new double[90 * 60];
    try (NDManager own = manager.newSubManager()) {
      for (Frame size : List.of(new Frame(60, 40), new Frame(90, 60))) {
        Picture resized =
            new Fitting(new InputSize(size.height, size.width, 0, 1, false), 1, false)
                .apply(picture)
                .picture();
        NDArray scores = ramp(new Inputs(Precision.FP32, ImageRules.EXACT).image(own, resized));
        NDArray large = Aten.resizeBilinear(scores, 60, 90, false).softmax(1);
        float[] second = large.get("0, 1").toFloatArray();
        for (int i = 0; i < second.length; i++) {
          shares[i] += second[i];
        }
      }
    }
    byte[] found = segmented(picture, config);
    for (int i = 0; i < found.length; i++) {
      if (Math.abs(shares[i] - 1) > 1e-5) {
        assertEquals(shares[i] > 1 ? 1 : 0, found[i], "pixel " + i);
      }
    }
    assertTrue(countOf(found) > 100);
  }

  @Test
  void aPhotographForWhichThereIsNoMemoryIsCutIntoWindows() {
    Picture picture = noise(75, 50);
    TrainConfig whole =
        TinyRuns.config(
            "{\"data\": {\"images\": \"exact\", \"crop\": \"32x40\"}, \"evaluation\": {\"size\":"
                + " \"original\"}}");
    Block model =
        new LambdaBlock(
            images -> {
              if (images.head().size(3) > 40) {
                throw new EngineException("can't allocate memory: you tried to allocate 99 bytes.");
              }
              return new NDList(ramp(images.head()));
            });
    try (Segmenter segmenter = new Segmenter(manager, Network.of(model), whole)) {
      assertArrayEquals(
          segmented(picture, whole.with("evaluation.window", "32x40")), segmenter.segment(picture));
    }
  }

  @Test
  void theWindowsOfAllScalesAreCounted() {
    TrainConfig config =
        TinyRuns.config(
            "{\"data\": {\"images\": \"exact\", \"crop\": 32}, \"evaluation\": {\"size\":"
                + " \"original\", \"window\": \"32x40\", \"stride\": \"20x30\"}}");
    assertEquals(List.of("3 of 6", "6 of 6"), ends(config)); // 2 rows of 3
    TrainConfig more =
        config.with("evaluation.scales", List.of(1, 2)).with("evaluation.flip", true);
    assertEquals(List.of("3 of 62", "62 of 62"), ends(more)); // and 5 rows of 5, all mirrored too
    assertEquals(List.of(), ends(PADDED)); // which cuts nothing
  }

  /** The first and last windows that are told of a photograph. */
  private List<String> ends(TrainConfig config) {
    List<String> told = new ArrayList<>();
    EvaluationProgress progress =
        new EvaluationProgress() {
          @Override
          public void at(int done, int all) {
            throw new AssertionError("of images");
          }

          @Override
          public void windows(int done, int all) {
            told.add(done + " of " + all);
          }
        };
    Block model = new LambdaBlock(images -> new NDList(ramp(images.head())));
    try (Segmenter segmenter = new Segmenter(manager, Network.of(model), config)) {
      segmenter.segment(noise(75, 50), progress);
    }
    return told.isEmpty() ? told : List.of(told.get(0), told.get(told.size() - 1));
  }

  private record Frame(int width, int height) {}

  /** Red as a model reads it. */
  private static double red(Picture picture, int pixel) {
    return (Byte.toUnsignedInt(picture.rgb()[3 * pixel]) - 123.675) / 58.395;
  }

  private static double share(double score) {
    return 1 / (1 + Math.exp(-score));
  }

  private static long countOf(byte[] labels) {
    long count = 0;
    for (byte label : labels) {
      count += label;
    }
    return Math.min(count, labels.length - count);
  }

  /** Scores of two classes: red, and the distance from the middle of what it is given. */
  private static NDArray ramp(NDArray images) {
    int width = (int) images.size(3);
    NDArray columns =
        images.getManager().arange(width).toType(DataType.FLOAT32, false).sub((width - 1) / 2f);
    NDArray red = images.get(":, 0:1");
    NDArray ramp = columns.mul((float) RAMP).reshape(1, 1, 1, width).broadcast(red.getShape());
    return red.concat(ramp, 1);
  }

  private byte[] segmented(Picture picture, TrainConfig config) {
    return segmented(picture, config, Optional.empty());
  }

  private byte[] segmented(Picture picture, TrainConfig config, Optional<Confidences> into) {
    Block model = new LambdaBlock(images -> new NDList(ramp(images.head())));
    try (Segmenter segmenter = new Segmenter(manager, Network.of(model), config)) {
      return segmenter.segment(picture, EvaluationProgress.NONE, into);
    }
  }

  @Test
  void blueCanComeFirst() {
    Picture colour = new Picture(1, 1, new byte[] {10, 20, 30});
    try (NDArray red = new Inputs(Precision.FP32, ImageRules.ALIGNED).image(manager, colour);
        NDArray blue = new Inputs(Precision.FP32, ImageRules.HRFORMER).image(manager, colour)) {
      assertEquals((10 - 123.675) / 58.395, red.getFloat(0, 0, 0, 0), 1e-6);
      assertEquals((30 - 103.53) / 57.375, red.getFloat(0, 2, 0, 0), 1e-6);
      assertEquals((30 - 123.675) / 58.395, blue.getFloat(0, 0, 0, 0), 1e-6);
      assertEquals((10 - 103.53) / 57.375, blue.getFloat(0, 2, 0, 0), 1e-6);
    }
  }

  @Test
  void theImageForWhichThereIsNoMemoryIsNamedAndMayBeSkipped() {
    for (Throwable error :
        List.of(
            new EngineException("can't allocate memory: you tried to allocate 99 bytes."),
            new OutOfMemoryError("Java heap space"))) {
      try (Segmenter segmenter = failingOnce(error)) {
        assertRefused(
            () -> segmenter.evaluate(TinyData.STANDARD, Split.VALIDATION),
            "validation-0.png (64 x 64 pixels)",
            error instanceof Error ? "the Java heap" : "no memory for an array of 99 bytes");
      }
      SkippingDataset readable = SkippingDataset.forMeasuring(TinyData.STANDARD);
      try (Segmenter segmenter = failingOnce(error)) {
        assertEquals(1, segmenter.evaluate(readable, Split.VALIDATION).metrics().accuracy());
        assertEquals(1, readable.sentences().size());
      }
    }
  }

  @Test
  void anyOtherFaultIsItsOwn() {
    try (Segmenter segmenter = failingOnce(new EngineException("shapes differ"))) {
      SkippingDataset readable = SkippingDataset.forMeasuring(TinyData.STANDARD);
      assertThrows(EngineException.class, () -> segmenter.evaluate(readable, Split.VALIDATION));
    }
  }

  /** Of a model that fails at first; then a pixel is of the class whose colour is brightest. */
  private Segmenter failingOnce(Throwable error) {
    AtomicBoolean failed = new AtomicBoolean();
    Block model =
        new LambdaBlock(
            images -> {
              if (failed.getAndSet(true)) {
                return images;
              } else if (error instanceof Error full) {
                throw full;
              }
              throw (RuntimeException) error;
            });
    TrainConfig whole = TinyRuns.config("{\"images\": \"exact\", \"crop\": 64}");
    return new Segmenter(manager, Network.of(model), whole);
  }

  private static Picture noise(int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    new Random(2).nextBytes(rgb);
    return new Picture(width, height, rgb);
  }
}
