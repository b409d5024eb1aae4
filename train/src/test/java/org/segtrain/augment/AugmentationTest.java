package org.segtrain.augment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.segtrain.data.Picture;
import org.segtrain.data.Preparation;
import org.segtrain.data.Sample;

final class AugmentationTest {

  private final RandomGenerator random = new SplittableRandom(1);

  @Test
  void resizingToTheSameSizeIsTheIdentity() {
    Sample sample = noise(40, 30);
    Sample same = new RandomResize(new Edges(40, 30), 1, 1).apply(sample, random);
    assertArrayEquals(sample.rgb(), same.rgb());
    assertArrayEquals(sample.labels(), same.labels());
  }

  @Test
  void resizingKeepsTheAspectRatioAndFitsBothEdges() {
    assertEquals(new Frame(683, 512), Frame.fitting(683, 512, 2048, 512));
    assertEquals(new Frame(1024, 768), Frame.fitting(640, 480, 3072, 768));
    assertEquals(new Frame(2048, 205), Frame.fitting(5000, 500, 2048, 512));
    assertEquals(new Frame(1, 8), Frame.fitting(1, 1000, 8, 8));
  }

  @Test
  void theRatioStaysInItsRange() {
    RandomResize resize = new RandomResize(new Edges(400, 100), 0.5, 2);
    Set<Integer> heights = new TreeSet<>();
    for (int i = 0; i < 200; i++) {
      heights.add(resize.apply(noise(20, 10), random).height());
    }
    assertTrue(heights.stream().allMatch(height -> height >= 50 && height <= 200));
    assertTrue(heights.size() > 70, "different heights: " + heights.size());
  }

  @Test
  void doublingInterpolatesTheImageAsOpenCvDoes() {
    Sample sample = new Sample("a", 2, 1, new byte[] {0, 0, 0, 100, 100, 100}, new byte[] {3, 9});
    Sample doubled = new Frame(4, 2).resize(sample);
    int[] expected = {0, 25, 75, 100};
    for (int x = 0; x < 4; x++) {
      assertEquals(expected[x], doubled.rgb()[3 * x]);
    }
    assertArrayEquals(new byte[] {3, 3, 9, 9, 3, 3, 9, 9}, doubled.labels());
  }

  @Test
  void masksNeverGetAValueThatIsNotInTheSource() {
    Sample sample = noise(61, 47);
    Set<Byte> before = values(sample.labels());
    before.add((byte) Sample.VOID);
    for (int i = 0; i < 50; i++) {
      Sample changed = ImageRules.ALIGNED.training(48, 0.5, 2, true).apply(sample, random);
      assertTrue(before.containsAll(values(changed.labels())));
    }
  }

  @Test
  void flippingTwiceIsTheIdentity() {
    Sample sample = noise(13, 7);
    RandomFlip flip = new RandomFlip(1);
    Sample once = flip.apply(sample, random);
    assertEquals(sample.labels()[0], once.labels()[12]);
    assertEquals(sample.rgb()[1], once.rgb()[3 * 12 + 1]);
    Sample twice = flip.apply(once, random);
    assertArrayEquals(sample.rgb(), twice.rgb());
    assertArrayEquals(sample.labels(), twice.labels());
    assertSame(sample, new RandomFlip(0).apply(sample, random));
  }

  @Test
  void cropsAreCutFromImageAndMaskAlike() {
    byte[] rgb = new byte[3 * 200];
    byte[] labels = new byte[200];
    for (int i = 0; i < 200; i++) {
      labels[i] = (byte) i;
      Arrays.fill(rgb, 3 * i, 3 * i + 3, (byte) i);
    }
    Sample sample = new Sample("a", 20, 10, rgb, labels);
    Set<Byte> corners = new TreeSet<>();
    for (int i = 0; i < 500; i++) {
      Sample crop = new RandomCrop(ImageSize.square(8), 0.75, 10).apply(sample, random);
      corners.add(crop.labels()[0]);
      for (int p = 0; p < 64; p++) {
        assertEquals((byte) (crop.labels()[0] + p / 8 * 20 + p % 8), crop.labels()[p]);
        assertEquals(crop.labels()[p], crop.rgb()[3 * p + 1]);
      }
    }
    assertEquals(39, corners.size()); // 13 columns, 3 rows
  }

  @Test
  void cropsFilledByOneClassAreDrawnAgain() {
    byte[] labels = new byte[100 * 10];
    for (int y = 0; y < 10; y++) {
      Arrays.fill(labels, y * 100 + 50, y * 100 + 100, (byte) 1);
    }
    Sample sample = new Sample("a", 100, 10, new byte[3000], labels);
    int varied = 0;
    int variedUnseen = 0;
    for (int i = 0; i < 400; i++) {
      varied +=
          isVaried(new RandomCrop(ImageSize.square(10), 0.75, 10).apply(sample, random)) ? 1 : 0;
      variedUnseen +=
          isVaried(new RandomCrop(ImageSize.square(10), 0.75, 0).apply(sample, random)) ? 1 : 0;
    }
    assertTrue(variedUnseen < 40, "without tries: " + variedUnseen); // 5 of 91 places: 22
    assertTrue(varied > 130 && varied < 240, "with tries: " + varied); // 1 - (86/91)^11: 185
  }

  @Test
  void smallSamplesArePaddedWithTheMeanColourAndVoid() {
    Sample sample = new Sample("a", 2, 1, new byte[] {1, 2, 3, 4, 5, 6}, new byte[] {0, 1});
    Sample padded =
        new TrainingPipeline(
                ImageSize.square(3), TrainingPipeline.Place.TOP_LEFT, List.of(), List.of())
            .apply(sample, random);
    byte v = (byte) 255;
    assertArrayEquals(new byte[] {0, 1, v, v, v, v, v, v, v}, padded.labels());
    assertArrayEquals(
        new byte[] {1, 2, 3, 4, 5, 6, 124, 116, 104, 124}, Arrays.copyOf(padded.rgb(), 10));
  }

  @Test
  void theSameRandomNumbersGiveTheSameSample() {
    Preparation pipeline = ImageRules.ALIGNED.training(32, 0.5, 2, true);
    Sample one = pipeline.apply(noise(50, 40), new SplittableRandom(5));
    Sample two = pipeline.apply(noise(50, 40), new SplittableRandom(5));
    assertArrayEquals(one.rgb(), two.rgb());
    assertArrayEquals(one.labels(), two.labels());
  }

  @Test
  void evaluationFitsTheImageAndRoundsItsEdgesUp() {
    assertEquals(new Frame(128, 64), evaluated(60, 30, 60)); // 120 x 60
    assertEquals(new Frame(704, 512), evaluated(683, 512, 512));
    assertEquals(new Frame(512, 704), evaluated(512, 683, 512));
    assertEquals(new Frame(2048, 224), evaluated(5000, 500, 512)); // 2048 x 205
    assertEquals(new Frame(32, 32), evaluated(3, 2, 1));
  }

  @Test
  void evaluationLeavesAnImageAloneThatFits() {
    Picture picture = noise(64, 32).picture();
    assertSame(picture, ImageRules.ALIGNED.evaluation(32).apply(picture).picture());
  }

  @Test
  void evaluationResizesAndDoesNotPad() {
    byte[] rgb = new byte[3 * 40 * 33];
    Arrays.fill(rgb, (byte) 77);
    Picture picture = ImageRules.ALIGNED.evaluation(33).apply(new Picture(40, 33, rgb)).picture();
    byte[] expected = new byte[3 * 64 * 64];
    Arrays.fill(expected, (byte) 77);
    assertArrayEquals(expected, picture.rgb());
  }

  private static Frame evaluated(int width, int height, int size) {
    Picture picture =
        ImageRules.ALIGNED.evaluation(size).apply(noise(width, height).picture()).picture();
    return new Frame(picture.width(), picture.height());
  }

  @Test
  void impossibleNumbersAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new RandomResize(new Edges(10, 20), 1, 1));
    assertThrows(IllegalArgumentException.class, () -> new RandomResize(new Edges(20, 10), 2, 1));
    assertThrows(IllegalArgumentException.class, () -> new RandomResize(new Edges(20, 10), 0, 1));
    assertThrows(
        IllegalArgumentException.class, () -> new RandomCrop(ImageSize.square(0), 0.75, 10));
    assertThrows(
        IllegalArgumentException.class, () -> new RandomCrop(ImageSize.square(8), 1.5, 10));
    assertThrows(IllegalArgumentException.class, () -> new RandomFlip(Double.NaN));
    assertThrows(
        IllegalArgumentException.class, () -> ImageRules.ALIGNED.training(0, 0.5, 2, true));
  }

  private static boolean isVaried(Sample sample) {
    long ones = 0;
    for (byte label : sample.labels()) {
      ones += label;
    }
    return ones > 25 && ones < 75;
  }

  private static Set<Byte> values(byte[] labels) {
    Set<Byte> values = new TreeSet<>();
    for (byte label : labels) {
      values.add(label);
    }
    return values;
  }

  static Sample noise(int width, int height) {
    RandomGenerator random = new SplittableRandom(7);
    byte[] rgb = new byte[3 * width * height];
    random.nextBytes(rgb);
    byte[] labels = new byte[width * height];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (byte) (40 * random.nextInt(4)); // 0, 40, 80, 120: nothing between them
    }
    return new Sample("noise", width, height, rgb, labels);
  }
}
