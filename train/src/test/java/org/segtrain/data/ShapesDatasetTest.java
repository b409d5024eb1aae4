package org.segtrain.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.segtrain.metrics.Metrics;

final class ShapesDatasetTest {

  private static final ShapesDataset SHAPES = new ShapesDataset();
  private static final int CLASSES = SHAPES.classes().size();
  private static final int COLOURS = 16 * 16 * 16;
  private static final long[] PIXELS = new long[256]; // of each label, over the validation split

  @BeforeAll
  static void countLabels() {
    for (int i = 0; i < SHAPES.size(Split.VALIDATION); i++) {
      for (byte label : SHAPES.read(Split.VALIDATION, i).labels()) {
        PIXELS[label & 0xFF]++;
      }
    }
  }

  @Test
  void firstScenesArePinnedToTheLastBit() {
    assertEquals(1177270146L, checksum(Split.TRAINING));
    assertEquals(4293293638L, checksum(Split.VALIDATION));
  }

  @Test
  void readingTwiceGivesTheSameScene() {
    Sample first = SHAPES.read(Split.TRAINING, 7);
    Sample second = new ShapesDataset().read(Split.TRAINING, 7);
    assertArrayEquals(first.rgb(), second.rgb());
    assertArrayEquals(first.labels(), second.labels());
  }

  @Test
  void labelsAloneAreThoseOfTheScene() {
    for (int i = 0; i < 20; i++) {
      assertArrayEquals(
          SHAPES.read(Split.TRAINING, i).labels(), SHAPES.labels(Split.TRAINING, i), "scene " + i);
    }
  }

  @Test
  void everySceneOfBothSplitsIsDifferent() {
    long scenes = 0;
    Set<Integer> seen = new HashSet<>();
    for (Split split : List.of(Split.TRAINING, Split.VALIDATION)) {
      for (int i = 0; i < 100; i++) {
        seen.add(Arrays.hashCode(SHAPES.read(split, i).labels()));
        scenes++;
      }
    }
    assertEquals(scenes, seen.size());
  }

  @Test
  void labelsAreClassesOrVoid() {
    for (int label = CLASSES; label < Sample.VOID; label++) {
      assertEquals(0, PIXELS[label], "pixels with label " + label);
    }
  }

  @Test
  void everyClassHasAtLeastOnePixelIn200() {
    for (int label = 0; label < CLASSES; label++) {
      double share = share(label);
      assertTrue(share >= 0.005, SHAPES.classes().get(label) + " has a share of " + share);
    }
  }

  @Test
  void voidIsThereButRare() {
    assertTrue(share(Sample.VOID) > 0.005 && share(Sample.VOID) < 0.05, "" + share(Sample.VOID));
  }

  @Test
  void predictingTheCommonestClassEverywhereScoresBelowThreePerCent() {
    long commonest = Arrays.stream(PIXELS, 0, CLASSES).max().orElseThrow();
    long known = Arrays.stream(PIXELS, 0, CLASSES).sum();
    double iou = (double) commonest / known; // of that class; all others have 0
    assertTrue(iou / CLASSES < 0.03, "mIoU " + iou / CLASSES);
  }

  @Tag("slow")
  @Test
  void colourAloneTellsLittle() {
    int[][] seen = new int[COLOURS][CLASSES];
    for (int i = 0; i < 400; i++) {
      Sample sample = SHAPES.read(Split.TRAINING, i);
      count(sample, (colour, label) -> seen[colour][label]++);
    }
    long[][] confusion = new long[CLASSES][CLASSES];
    for (int i = 0; i < 100; i++) {
      Sample sample = SHAPES.read(Split.VALIDATION, i);
      count(sample, (colour, label) -> confusion[label][commonest(seen[colour])]++);
    }
    double meanIou = Metrics.of(SHAPES.classes(), confusion).meanIou();
    assertTrue(meanIou < 0.15, "mIoU of the commonest class of each colour: " + meanIou);
  }

  private interface PixelVisitor {
    void visit(int colour, int label);
  }

  private static void count(Sample sample, PixelVisitor visitor) {
    for (int i = 0; i < sample.labels().length; i++) {
      int label = sample.labels()[i] & 0xFF;
      if (label != Sample.VOID) {
        int colour = 0;
        for (int channel = 0; channel < 3; channel++) {
          colour = 16 * colour + (sample.rgb()[3 * i + channel] & 0xFF) / 16;
        }
        visitor.visit(colour, label);
      }
    }
  }

  private static int commonest(int[] counts) {
    int best = 0;
    for (int i = 1; i < counts.length; i++) {
      best = counts[i] > counts[best] ? i : best;
    }
    return best;
  }

  @Test
  void aSceneOfAnySideHasThatSide() {
    Sample sample = new ShapesDataset(61, 1, 1).read(Split.VALIDATION, 0);
    assertEquals(61, sample.width());
    assertEquals(61, sample.height());
    assertEquals(61 * 61, sample.labels().length);
    assertEquals(61 * 61 * 3, sample.rgb().length);
  }

  @Test
  void filesNameSplitAndIndex() {
    assertEquals("shapes/training/00012", SHAPES.file(Split.TRAINING, 12));
    assertEquals("shapes/validation/00199", SHAPES.read(Split.VALIDATION, 199).name());
  }

  @Test
  void scenesThatAreNotThereAreRefused() {
    assertThrows(IndexOutOfBoundsException.class, () -> SHAPES.read(Split.VALIDATION, 200));
    assertThrows(IllegalArgumentException.class, () -> new ShapesDataset(16, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> new ShapesDataset(128, 0, 1));
  }

  private static long checksum(Split split) {
    CRC32 sum = new CRC32();
    for (int i = 0; i < 20; i++) {
      Sample sample = SHAPES.read(split, i);
      sum.update(sample.rgb());
      sum.update(sample.labels());
    }
    return sum.getValue();
  }

  private static double share(int label) {
    return (double) PIXELS[label] / Arrays.stream(PIXELS).sum();
  }
}
