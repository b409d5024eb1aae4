package org.segtrain.inference.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.segtrain.data.Refusals.assertRefused;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.segtrain.augment.ImageRules;
import org.segtrain.config.Precision;
import org.segtrain.config.TrainConfig;
import org.segtrain.data.Picture;
import org.segtrain.data.SkippingDataset;
import org.segtrain.data.Split;
import org.segtrain.heads.SegmentationModel;
import org.segtrain.train.TinyData;
import org.segtrain.train.TinyRuns;

class SegmenterTest {

  private static final TrainConfig PADDED = TinyRuns.config("{\"images\": \"hrformer\"}");

  private final NDManager manager = NDManager.newBaseManager("PyTorch");

  @AfterEach
  void closeManager() {
    manager.close();
  }

  @Test
  void paddingIsTakenOffThePrediction() {
    Picture picture = noise(45, 37);
    Picture padded = ImageRules.HRFORMER.evaluation(PADDED.data().crop()).apply(picture).picture();
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
