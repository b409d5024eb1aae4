package org.segtrain.augment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.segtrain.data.Sample;

final class PhotometricDistortionTest {

  private final RandomGenerator random = new SplittableRandom(3);

  @Test
  void withoutStrengthGreyStaysTheSame() {
    Sample grey = colour(90, 90, 90);
    for (int i = 0; i < 20; i++) {
      assertArrayEquals(
          grey.rgb(), new PhotometricDistortion(0, 0, 0, 0).apply(grey, random).rgb());
    }
  }

  @Test
  void brightnessIsAddedAndCutAtTheEnds() {
    byte[] greys = {0, 0, 0, 100, 100, 100, -1, -1, -1}; // HSV keeps grey as it is
    Sample sample = new Sample("a", 3, 1, greys, new byte[3]);
    Set<Integer> seen = new HashSet<>();
    for (int i = 0; i < 500; i++) {
      byte[] rgb = new PhotometricDistortion(32, 0, 0, 0).apply(sample, random).rgb();
      int middle = rgb[4] & 0xFF;
      assertTrue(middle >= 68 && middle <= 132, "middle: " + middle);
      assertEquals(Math.max(0, middle - 100), rgb[0] & 0xFF, 1); // rounded down
      assertEquals(Math.min(255, middle + 155), rgb[8] & 0xFF, 1);
      seen.add(middle);
    }
    assertTrue(seen.size() > 45, "different values: " + seen.size());
  }

  @Test
  void contrastScalesAllColours() {
    for (int i = 0; i < 200; i++) {
      byte[] rgb = new PhotometricDistortion(0, 0.5, 0, 0).apply(colour(80, 80, 80), random).rgb();
      int value = rgb[0] & 0xFF;
      assertTrue(value >= 40 && value <= 120, "value: " + value);
      assertEquals(rgb[0], rgb[2]);
    }
  }

  @Test
  void saturationMovesColoursToGreyOrAway() {
    boolean paler = false;
    boolean stronger = false;
    for (int i = 0; i < 100; i++) {
      byte[] rgb =
          new PhotometricDistortion(0, 0, 0.5, 0).apply(colour(200, 150, 100), random).rgb();
      assertEquals(200, rgb[0] & 0xFF, 1); // the largest colour is the value of HSV
      paler |= (rgb[2] & 0xFF) > 110;
      stronger |= (rgb[2] & 0xFF) < 90;
    }
    assertTrue(paler && stronger);
  }

  @Test
  void hueTurnsAtMostItsRangeAndRoundTheCircle() {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      byte[] rgb = new PhotometricDistortion(0, 0, 0, 18).apply(colour(200, 0, 0), random).rgb();
      assertEquals(200, rgb[0] & 0xFF); // within 36 degrees of red, red is the largest
      assertTrue((rgb[1] & 0xFF) <= 121 && (rgb[2] & 0xFF) <= 121);
      seen.add(rgb[1] + " " + rgb[2]);
    }
    assertEquals(36, seen.size()); // -18 to 17
  }

  @Test
  void theSampleItselfAndItsLabelsStay() {
    Sample sample = AugmentationTest.noise(9, 9);
    byte[] before = sample.rgb().clone();
    for (int i = 0; i < 20; i++) {
      Sample changed = new PhotometricDistortion(32, 0.5, 0.5, 18).apply(sample, random);
      assertArrayEquals(sample.labels(), changed.labels());
    }
    assertArrayEquals(before, sample.rgb());
  }

  @Test
  void impossibleNumbersAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new PhotometricDistortion(-1, 0, 0, 0));
    assertThrows(IllegalArgumentException.class, () -> new PhotometricDistortion(0, 2, 0, 0));
    assertThrows(IllegalArgumentException.class, () -> new PhotometricDistortion(0, 0, 0, 91));
  }

  private static Sample colour(int r, int g, int b) {
    return new Sample("a", 1, 1, new byte[] {(byte) r, (byte) g, (byte) b}, new byte[1]);
  }
}
