package org.segtrain.augment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.segtrain.backbones.Backbone;
import org.segtrain.data.Sample;
import org.segtrain.images.ChannelOrder;
import org.segtrain.images.InputSize;
import org.segtrain.images.PixelSize;

class ImageRulesTest {

  private final RandomGenerator random = new SplittableRandom(3);

  @ParameterizedTest
  @CsvSource({
    "ALIGNED, 683, 512, 704, 512, 704, 512",
    "EXACT, 683, 512, 683, 512, 683, 512",
    "EXACT, 1000, 100, 2048, 205, 2048, 205",
    "EXACT, 5000, 50, 2048, 32, 2048, 32",
    "HRFORMER, 683, 521, 688, 528, 683, 521",
    "HRFORMER, 400, 256, 800, 512, 800, 512",
    "HRFORMER, 512, 2000, 512, 2000, 512, 2000"
  })
  void evaluationFitsPhotographs(
      ImageRules rules, int width, int height, int readWidth, int readHeight, int w, int h) {
    Fitted fitted = rules.evaluation(512).apply(AugmentationTest.noise(width, height).picture());
    assertEquals(readWidth, fitted.picture().width());
    assertEquals(readHeight, fitted.picture().height());
    assertEquals(w, fitted.width());
    assertEquals(h, fitted.height());
    assertEquals(readWidth != w || readHeight != h, fitted.isPadded());
  }

  /** Of openseg.pytorch: a short edge of the crop first, up or down, by cubic interpolation. */
  @Test
  void opensegResizesAllPhotographsToTheCropFirst() {
    TrainingSizes sizes = TrainingSizes.square(32, 1, 1);
    assertEquals(new PixelSize(64, 32), ImageRules.OPENSEG.resized(new PixelSize(200, 100), sizes));
    assertEquals(new PixelSize(64, 32), ImageRules.OPENSEG.resized(new PixelSize(20, 10), sizes));
    assertEquals(
        new PixelSize(200, 100), ImageRules.HRFORMER.resized(new PixelSize(200, 100), sizes));
    byte[] edge = new byte[3 * 16 * 16]; // black, and white on the right
    for (int i = 0; i < edge.length; i++) {
      edge[i] = (byte) (i / 3 % 16 < 8 ? 40 : 200);
    }
    Sample sample = new Sample("edge", 16, 16, edge, new byte[16 * 16]);
    Sample cubic = new ShortEdge(32, true, Interpolation.CUBIC).apply(sample, random);
    int least = 255;
    int most = 0;
    for (byte value : cubic.rgb()) {
      least = Math.min(least, Byte.toUnsignedInt(value));
      most = Math.max(most, Byte.toUnsignedInt(value));
    }
    assertTrue(least < 40 && most > 200, "it overshoots, which linear interpolation does not");
  }

  @Test
  void opensegPadsAnywhere() {
    Sample sample = AugmentationTest.noise(24, 24);
    TrainingPipeline pipeline = ImageRules.OPENSEG.training(32, 0.5, 0.5, false);
    boolean left = false;
    boolean inside = false;
    for (int i = 0; i < 60; i++) {
      byte[] labels = pipeline.apply(sample, random).labels();
      left |= labels[16 * 32] != (byte) Sample.VOID;
      inside |= labels[16 * 32] == (byte) Sample.VOID && labels[16 * 32 + 31] == labels[16 * 32];
      int labelled = 0;
      for (byte label : labels) {
        labelled += label == (byte) Sample.VOID ? 0 : 1;
      }
      assertEquals(16 * 16, labelled, 40);
    }
    assertTrue(left && inside);
  }

  @Test
  void cropsMayBeWiderThanHigh() {
    Sample sample = AugmentationTest.noise(90, 70);
    TrainingSizes sizes = new TrainingSizes(new ImageSize(32, 64), new Edges(80, 60), 0.5, 2);
    for (ImageRules rules : ImageRules.values()) {
      for (int i = 0; i < 20; i++) {
        Sample crop = rules.training(sizes, true).apply(sample, random);
        assertEquals(64, crop.width());
        assertEquals(32, crop.height());
      }
    }
  }

  @Test
  void paddingIsOnTheRightAndBelow() {
    Sample sample = AugmentationTest.noise(9, 5);
    Fitted fitted = ImageRules.HRFORMER.evaluation(5).apply(sample.picture()); // to 32 x 32
    byte[] padded = fitted.picture().rgb();
    for (int y = 0; y < 5; y++) {
      assertArrayEquals(
          Arrays.copyOfRange(sample.rgb(), 27 * y, 27 * y + 27),
          Arrays.copyOfRange(padded, 96 * y, 96 * y + 27));
      assertEquals(124, padded[96 * y + 27]);
    }
    assertEquals(104, padded[padded.length - 1]);
  }

  @ParameterizedTest
  @EnumSource(ImageRules.class)
  void trainingGivesSquaresAndNoNewLabels(ImageRules rules) {
    Sample sample = AugmentationTest.noise(61, 47);
    for (int i = 0; i < 30; i++) {
      Sample changed = rules.training(48, 0.5, 2, true).apply(sample, random);
      assertEquals(48, changed.width());
      assertEquals(48, changed.height());
      for (byte label : changed.labels()) {
        assertTrue(label == (byte) Sample.VOID || label % 40 == 0);
      }
    }
  }

  @Test
  void aShortEdgeIsEnlargedOnlyIfItIsTooShort() {
    Sample sample = AugmentationTest.noise(30, 20);
    assertSame(sample, new ShortEdge(20, false, Interpolation.LINEAR).apply(sample, random));
    Sample larger = new ShortEdge(40, false, Interpolation.LINEAR).apply(sample, random);
    assertEquals(60, larger.width());
    assertEquals(40, larger.height());
  }

  @Test
  void scalingStretchesButKeepsTheArea() {
    Sample sample = AugmentationTest.noise(200, 100);
    double least = 9;
    double most = 0;
    for (int i = 0; i < 60; i++) {
      Sample scaled = new RandomScale(0.5, 0.5, 0.1, Interpolation.LINEAR).apply(sample, random);
      double aspect = scaled.width() / (2.0 * scaled.height());
      least = Math.min(least, aspect);
      most = Math.max(most, aspect);
      assertEquals(5000, scaled.width() * scaled.height(), 80);
    }
    assertEquals(0.9, least, 0.02);
    assertEquals(1.1, most, 0.02);
  }

  @Test
  void brightnessMovesAllColoursTogetherAndStopsAtTheEnds() {
    Sample sample = new Sample("a", 1, 1, new byte[] {0, 100, (byte) 255}, new byte[] {0});
    boolean darker = false;
    boolean brighter = false;
    for (int i = 0; i < 50; i++) {
      byte[] rgb = new RandomBrightness(10).apply(sample, random).rgb();
      int shift = rgb[1] - 100;
      assertEquals(Math.max(0, shift), rgb[0]);
      assertEquals(Math.min(255, 255 + shift), Byte.toUnsignedInt(rgb[2]));
      darker |= shift < -5;
      brighter |= shift > 5;
    }
    assertTrue(darker && brighter);
  }

  @Test
  void onlyHrformersModelsReadBlueFirst() {
    assertEquals(ChannelOrder.BGR, ImageRules.HRFORMER.channels());
    assertEquals(ChannelOrder.RGB, ImageRules.EXACT.channels());
    assertEquals(ChannelOrder.RGB, ImageRules.ALIGNED.channels());
  }

  @Test
  void noSizeIsBelowWhatABackboneReads() {
    PixelSize least = InputSize.OWN.whole(new PixelSize(1, 1));
    assertEquals(new PixelSize(Backbone.SHORTEST_SIDE, Backbone.SHORTEST_SIDE), least);
  }

  @Test
  void impossibleNumbersAreRefused() {
    assertThrows(
        IllegalArgumentException.class, () -> new RandomScale(2, 1, 0.1, Interpolation.LINEAR));
    assertThrows(
        IllegalArgumentException.class, () -> new RandomScale(1, 1, 1, Interpolation.LINEAR));
    assertThrows(IllegalArgumentException.class, () -> new RandomBrightness(256));
    assertThrows(
        IllegalArgumentException.class, () -> new ShortEdge(0, false, Interpolation.LINEAR));
    for (ImageRules rules : ImageRules.values()) {
      assertThrows(IllegalArgumentException.class, () -> rules.evaluation(0));
    }
  }
}
