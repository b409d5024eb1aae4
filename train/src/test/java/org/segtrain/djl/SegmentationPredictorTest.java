package org.segtrain.djl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.ImageFactory;
import ai.djl.modality.cv.output.CategoryMask;
import ai.djl.translate.TranslateException;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segtrain.checkpoint.RunFolder;
import org.segtrain.config.TrainConfig;
import org.segtrain.data.Picture;
import org.segtrain.inference.TrainedModel;
import org.segtrain.train.TinyData;
import org.segtrain.train.TinyRuns;

final class SegmentationPredictorTest {

  @TempDir static Path folder;

  private static TrainedModel trained;

  @BeforeAll
  static void train() {
    TrainConfig config =
        TinyRuns.config("{\"iterations\": 4, \"accumulate\": 1, \"evalEvery\": 4, \"crop\": 64}");
    RunFolder run = TinyRuns.run(config, TinyData.STANDARD, 1, folder.resolve("run"));
    trained = TrainedModel.load(run.dir(), TinyRuns.oneThread(1));
  }

  @AfterAll
  static void close() {
    trained.close();
  }

  @Test
  void givesTheClassesOfTheTrainedModel() throws TranslateException {
    try (SegmentationPredictor predictor = SegmentationPredictor.of(trained)) {
      Picture picture = TinyData.picture("a", 70, 45, 4).picture();
      CategoryMask mask = predictor.predict(image(picture));
      assertEquals(List.of("sky", "tree", "road"), mask.getClasses());
      assertMask(picture, mask);
      assertTrue(
          Arrays.stream(mask.getMask()).flatMapToInt(Arrays::stream).distinct().count() > 1,
          "one class everywhere");
    }
  }

  @Test
  void photographsOfABatchMayDifferInSize() throws TranslateException {
    List<Picture> pictures =
        List.of(
            TinyData.picture("a", 70, 45, 1).picture(),
            TinyData.picture("b", 1, 1, 2).picture(),
            TinyData.picture("c", 64, 64, 3).picture());
    try (SegmentationPredictor predictor = SegmentationPredictor.of(trained)) {
      List<CategoryMask> masks =
          predictor.batchPredict(pictures.stream().map(SegmentationPredictorTest::image).toList());
      assertEquals(3, masks.size());
      for (int i = 0; i < 3; i++) {
        assertMask(pictures.get(i), masks.get(i));
      }
    }
  }

  @Test
  void greyPhotographsAreReadAsTheyAreStored() throws TranslateException {
    BufferedImage grey = new BufferedImage(66, 50, BufferedImage.TYPE_BYTE_GRAY);
    byte[] rgb = new byte[3 * 66 * 50];
    for (int i = 0; i < 66 * 50; i++) {
      int value = (i % 66 / 16 + i / 66 / 16) % 3 * 100 + i % 7;
      grey.getRaster().setSample(i % 66, i / 66, 0, value);
      Arrays.fill(rgb, 3 * i, 3 * i + 3, (byte) value);
    }
    try (SegmentationPredictor predictor = SegmentationPredictor.of(trained)) {
      Image image = ImageFactory.getInstance().fromImage(grey);
      assertMask(new Picture(66, 50, rgb), predictor.predict(image));
    }
  }

  @Tag("slow")
  @Test
  void predictorsOfSeveralThreadsShareTheModel() throws InterruptedException, ExecutionException {
    Picture picture = TinyData.picture("a", 70, 45, 4).picture();
    ExecutorService pool = Executors.newFixedThreadPool(3);
    try {
      List<Future<CategoryMask>> masks =
          pool.invokeAll(
              Collections.nCopies(
                  12,
                  () -> {
                    try (SegmentationPredictor predictor = SegmentationPredictor.of(trained)) {
                      return predictor.predict(image(picture));
                    }
                  }));
      for (Future<CategoryMask> mask : masks) {
        assertMask(picture, mask.get());
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void theModelOutlivesItsPredictors() throws TranslateException {
    Picture picture = TinyData.picture("a", 33, 34, 4).picture();
    byte[] before = trained.segment(picture);
    SegmentationPredictor.of(trained).close();
    assertArrayEquals(before, trained.segment(picture));
  }

  private static Image image(Picture picture) {
    BufferedImage image =
        new BufferedImage(picture.width(), picture.height(), BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < picture.width() * picture.height(); i++) {
      byte[] rgb = picture.rgb();
      int colour =
          (rgb[3 * i] & 0xFF) << 16 | (rgb[3 * i + 1] & 0xFF) << 8 | (rgb[3 * i + 2] & 0xFF);
      image.setRGB(i % picture.width(), i / picture.width(), colour);
    }
    return ImageFactory.getInstance().fromImage(image);
  }

  private static void assertMask(Picture picture, CategoryMask mask) {
    byte[] expected = trained.segment(picture);
    assertEquals(picture.height(), mask.getMask().length);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], mask.getMask()[i / picture.width()][i % picture.width()]);
    }
  }
}
