package org.segtrain.augment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.segtrain.data.Sample;
import org.segtrain.errors.UsageException;

final class MoreAugmentationTest {

  private static final MoreAugmentation ALL =
      new MoreAugmentation(10, 16, 0.2, 0.3, 5, 0.5, 1.5, 0.5, 0.3);

  private final RandomGenerator random = new SplittableRandom(9);

  @ParameterizedTest
  @ValueSource(ints = {31, 32})
  void turningByNinetyDegreesIsATransposedFlip(int side) {
    Sample sample = AugmentationTest.noise(side, side);
    Sample turned = RandomRotation.turned(sample, 90);
    for (int y = 0; y < side; y++) {
      for (int x = 0; x < side; x++) {
        int from = x * side + side - 1 - y; // the right edge becomes the upper one
        int to = y * side + x;
        assertEquals(sample.labels()[from], turned.labels()[to]);
        assertArrayEquals(
            Arrays.copyOfRange(sample.rgb(), 3 * from, 3 * from + 3),
            Arrays.copyOfRange(turned.rgb(), 3 * to, 3 * to + 3));
      }
    }
  }

  @Test
  void turningByNothingIsTheIdentity() {
    Sample sample = AugmentationTest.noise(17, 12);
    Sample turned = RandomRotation.turned(sample, 0);
    assertArrayEquals(sample.rgb(), turned.rgb());
    assertArrayEquals(sample.labels(), turned.labels());
  }

  @Test
  void whatComesFromOutsideIsVoidAndHasTheMeanColour() {
    Sample turned = RandomRotation.turned(plain(100, 100), 45);
    int outside = 0;
    for (int i = 0; i < turned.labels().length; i++) {
      outside += turned.labels()[i] == (byte) Sample.VOID ? 1 : 0;
    }
    assertEquals(0.172, outside / 1e4, 0.01); // all but the octagon: 1 - 2 (sqrt 2 - 1)
    assertEquals((byte) Sample.VOID, turned.labels()[0]);
    assertArrayEquals(new byte[] {124, 116, 104}, Arrays.copyOf(turned.rgb(), 3));
    assertEquals(7, turned.labels()[50 * 100 + 50]);
    assertEquals(70, turned.rgb()[3 * (50 * 100 + 50)]);
  }

  @Test
  void pixelsAndLabelsTurnTogether() {
    Sample halves = plain(64, 48);
    for (int i = 0; i < halves.labels().length; i++) {
      if (i % 64 < 32) {
        halves.labels()[i] = 3;
        Arrays.fill(halves.rgb(), 3 * i, 3 * i + 3, (byte) 30);
      }
    }
    Sample turned = RandomRotation.turned(halves, 33);
    int apart = 0;
    for (int i = 0; i < turned.labels().length; i++) {
      int label = Byte.toUnsignedInt(turned.labels()[i]);
      apart += label == Sample.VOID || Math.abs(turned.rgb()[3 * i] - 10 * label) <= 20 ? 0 : 1;
    }
    assertTrue(apart < 40, "apart: " + apart); // where a border is smoothed
  }

  @Test
  void anglesReachBothEndsOfTheRange() {
    Sample sample = AugmentationTest.noise(20, 20);
    Sample least = new RandomRotation(90).apply(sample, () -> 0);
    Sample most = new RandomRotation(90).apply(sample, () -> -1);
    assertArrayEquals(RandomRotation.turned(sample, -90).labels(), least.labels());
    assertArrayEquals(RandomRotation.turned(sample, 90).labels(), most.labels());
    assertArrayEquals(sample.labels(), new RandomRotation(0).apply(sample, random).labels());
  }

  @Test
  void aBlurKeepsAConstantImageAndAllLabels() {
    Sample plain = plain(40, 30);
    Sample blurred = new RandomBlur(1, 5).apply(plain, random);
    assertArrayEquals(plain.rgb(), blurred.rgb());
    assertSame(plain.labels(), blurred.labels());
  }

  @Test
  void aBlurredEdgeIsAGaussiansIntegral() {
    byte[] rgb = new byte[3 * 60 * 9];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) (i / 3 % 60 < 30 ? 0 : 200);
    }
    byte[] blurred = OpenCv.blurRgb(rgb, 60, 9, 3);
    double[] integral = {0.5662, 0.6915, 0.7977, 0.8783, 0.9332, 0.9666}; // at 1/6, 3/6, ... sigma
    for (int x = 0; x < integral.length; x++) {
      int row = 3 * (4 * 60 + 30);
      assertEquals(200 * integral[x], Byte.toUnsignedInt(blurred[row + 3 * x]), 2);
      assertEquals(200 * (1 - integral[x]), Byte.toUnsignedInt(blurred[row - 3 * x - 3]), 2);
    }
  }

  @Test
  void whatHasAProbabilityHappensThatOften() {
    Sample sample = AugmentationTest.noise(16, 16);
    int blurred = 0;
    int erased = 0;
    for (int i = 0; i < 4000; i++) {
      blurred += new RandomBlur(0.25, 2).apply(sample, random).equals(sample) ? 0 : 1;
      erased += new RandomErasing(0.25, 0.4).apply(sample, random).equals(sample) ? 0 : 1;
    }
    assertEquals(1000, blurred, 100); // 3.6 standard deviations
    assertEquals(1000, erased, 100);
  }

  @Test
  void erasingTouchesExactlyItsRectangle() {
    Sample sample = plain(80, 60);
    byte[] before = sample.rgb().clone();
    double least = 1;
    double most = 0;
    for (int i = 0; i < 300; i++) {
      Sample erased = new RandomErasing(1, 0.4).apply(sample, random);
      assertSame(sample.labels(), erased.labels());
      int[] box = {80, 60, -1, -1};
      int changed = 0;
      for (int p = 0; p < 80 * 60; p++) {
        if (!Arrays.equals(before, 3 * p, 3 * p + 3, erased.rgb(), 3 * p, 3 * p + 3)) {
          box[0] = Math.min(box[0], p % 80);
          box[1] = Math.min(box[1], p / 80);
          box[2] = Math.max(box[2], p % 80);
          box[3] = Math.max(box[3], p / 80);
          changed++;
        }
      }
      int width = box[2] - box[0] + 1;
      int height = box[3] - box[1] + 1;
      assertEquals(width * height, changed);
      assertTrue(height / (double) width > 0.27 && height / (double) width < 3.7);
      least = Math.min(least, changed / 4800.0);
      most = Math.max(most, changed / 4800.0);
    }
    assertTrue(least > 0.018 && least < 0.04, "least: " + least);
    assertTrue(most > 0.36 && most < 0.41, "most: " + most);
    assertArrayEquals(before, sample.rgb());
  }

  @Test
  void whatIsTooNarrowForARectangleStays() {
    Sample line = plain(100, 1);
    assertSame(line, new RandomErasing(1, 0.4).apply(line, random));
  }

  @Test
  void whatIsOffDrawsNoNumber() {
    Sample sample = AugmentationTest.noise(61, 47);
    for (ImageRules rules : ImageRules.values()) {
      for (int seed = 0; seed < 20; seed++) {
        Counting plain = new Counting(seed);
        Counting off = new Counting(seed);
        Sample one = rules.training(48, 0.5, 2, true).apply(sample, plain);
        Sample two =
            rules.training(48, 0.5, 2, true).with(MoreAugmentation.NONE).apply(sample, off);
        assertEquals(plain.drawn, off.drawn);
        assertArrayEquals(one.rgb(), two.rgb());
        assertArrayEquals(one.labels(), two.labels());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(ImageRules.class)
  void everythingOnGivesSquaresAndIsTheSameForTheSameNumbers(ImageRules rules) {
    TrainingPipeline pipeline = rules.training(48, 0.5, 2, false).with(ALL);
    for (int seed = 0; seed < 30; seed++) {
      Sample one = pipeline.apply(AugmentationTest.noise(61, 47), new SplittableRandom(seed));
      Sample two = pipeline.apply(AugmentationTest.noise(61, 47), new SplittableRandom(seed));
      assertEquals(48, one.width());
      assertEquals(48, one.height());
      assertArrayEquals(one.rgb(), two.rgb());
      assertArrayEquals(one.labels(), two.labels());
      for (byte label : one.labels()) {
        assertTrue(label == (byte) Sample.VOID || label % 40 == 0);
      }
    }
  }

  @Test
  void photographsTurnBeforeTheyAreCropped() {
    assertEquals(List.of(new RandomRotation(10)), ALL.whole());
    assertEquals(
        List.of(
            new PhotometricDistortion(16, 0.2, 0.3, 5),
            new RandomBlur(0.5, 1.5),
            new RandomErasing(0.5, 0.3)),
        ALL.cropped());
    TrainingPipeline pipeline = ImageRules.HRFORMER.training(48, 0.5, 2, false).with(ALL);
    assertEquals(new RandomRotation(10), pipeline.whole().get(3));
    assertEquals(new RandomCrop(ImageSize.square(48), 1, 0), pipeline.cropped().get(0));
  }

  @Test
  void aProgramsOwnComesLastAndIsPadded() {
    TrainingPipeline pipeline =
        ImageRules.ALIGNED
            .training(40, 1, 1, true)
            .then((sample, unused) -> plain(sample.width() - 4, 7), 8);
    Sample made = pipeline.apply(AugmentationTest.noise(50, 40), random);
    assertEquals(40, made.width());
    assertEquals(7, made.labels()[6 * 40 + 35]);
    assertEquals(70, made.rgb()[3 * (6 * 40 + 35)]);
    assertEquals((byte) Sample.VOID, made.labels()[6 * 40 + 36]);
    assertEquals((byte) Sample.VOID, made.labels()[7 * 40]);
  }

  @Test
  void aProgramsOwnDrawsFromTheNumbersOfTheSample() {
    TrainingPipeline pipeline =
        ImageRules.ALIGNED
            .training(32, 0.5, 2, true)
            .then(
                (sample, own) -> {
                  byte[] rgb = new byte[sample.rgb().length];
                  own.nextBytes(rgb);
                  return new Sample("a", sample.width(), sample.height(), rgb, sample.labels());
                },
                200);
    Sample sample = AugmentationTest.noise(50, 40);
    byte[] one = pipeline.apply(sample, new SplittableRandom(4)).rgb();
    assertArrayEquals(one, pipeline.apply(sample, new SplittableRandom(4)).rgb());
    assertTrue(!Arrays.equals(one, pipeline.apply(sample, new SplittableRandom(5)).rgb()));
  }

  @Test
  void whatAProgramsOwnMustNotGiveIsRefused() {
    assertRefused(
        "the program's augmentation makes noise 33 x 8, but data.crop is 32; return at most that",
        (sample, unused) -> plain(33, 8));
    assertRefused(
        "the program's augmentation gives noise the label 7, but labels are 0-6 and 255 = void;"
            + " return those",
        (sample, unused) -> plain(32, 32));
    assertRefused(
        "the program's augmentation makes null of noise; return a sample",
        (sample, unused) -> null);
    assertRefused(
        "the program's augmentation fails on noise: java.lang.IllegalStateException: mine; correct it",
        (sample, unused) -> {
          throw new IllegalStateException("mine");
        });
  }

  private void assertRefused(String sentence, Augmentation own) {
    TrainingPipeline pipeline = ImageRules.ALIGNED.training(32, 1, 1, false).then(own, 7);
    Sample sample = AugmentationTest.noise(40, 40);
    var refused = assertThrows(UsageException.class, () -> pipeline.apply(sample, random));
    assertEquals(sentence, refused.getMessage());
  }

  @Test
  void impossibleNumbersAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new RandomRotation(181));
    assertThrows(IllegalArgumentException.class, () -> new RandomBlur(1.5, 1));
    assertThrows(IllegalArgumentException.class, () -> new RandomBlur(1, 0.01));
    assertThrows(IllegalArgumentException.class, () -> new RandomErasing(Double.NaN, 0.4));
    assertThrows(IllegalArgumentException.class, () -> new RandomErasing(1, 0.01));
  }

  /** Class 7, every colour 70. */
  private static Sample plain(int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    byte[] labels = new byte[width * height];
    Arrays.fill(rgb, (byte) 70);
    Arrays.fill(labels, (byte) 7);
    return new Sample("plain", width, height, rgb, labels);
  }

  /** Counts the numbers that are drawn. */
  private static final class Counting implements RandomGenerator {

    private final SplittableRandom numbers;
    private int drawn;

    private Counting(long seed) {
      numbers = new SplittableRandom(seed);
    }

    @Override
    public long nextLong() {
      drawn++;
      return numbers.nextLong();
    }
  }
}
