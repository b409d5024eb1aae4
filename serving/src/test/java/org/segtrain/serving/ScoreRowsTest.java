package org.segtrain.serving;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.segtrain.images.PixelSize;

final class ScoreRowsTest {

  private static final int CLASSES = 3;
  private static final PixelSize SMALL = new PixelSize(7, 5);

  private final float[] scores = scores();

  @ParameterizedTest
  @CsvSource({"29, 23, false", "29, 23, true", "7, 40, false", "3, 2, true", "1, 1, true"})
  void numbersLieBetweenTheNearest(int width, int height, boolean alignCorners) {
    ScoreRows rows =
        ScoreRows.of(scores, CLASSES, SMALL).enlarged(new PixelSize(width, height), alignCorners);
    for (int y = 0; y < height; y++) {
      float[] row = rows.row(y);
      for (int k = 0; k < CLASSES; k++) {
        for (int x = 0; x < width; x++) {
          double expected =
              between(k, at(y, 5, height, alignCorners), at(x, 7, width, alignCorners));
          assertEquals(expected, row[k * width + x], 1e-5);
        }
      }
    }
  }

  @Test
  void rowsMayBeAskedForInAnyOrder() {
    ScoreRows rows = ScoreRows.of(scores, CLASSES, SMALL).enlarged(new PixelSize(9, 30), false);
    float[] ninth = rows.row(9);
    rows.row(28);
    rows.row(0);
    assertArrayEquals(ninth, rows.row(9));
  }

  @Test
  void thePaddingIsLeftOut() {
    ScoreRows rows = ScoreRows.of(scores, CLASSES, SMALL).part(new PixelSize(4, 3));
    float[] row = rows.row(2);
    for (int k = 0; k < CLASSES; k++) {
      for (int x = 0; x < 4; x++) {
        assertEquals(scores[(k * 5 + 2) * 7 + x], row[k * 4 + x]);
      }
    }
    assertSame(rows, rows.part(new PixelSize(4, 3)));
  }

  @Test
  void theFirstOfEqualScoresWins() {
    float[] equal = {1, 1, 2, 1, 3, 1, 1, 0, 3}; // of three classes, three pixels each
    int[][] mask = ScoreRows.of(equal, 3, new PixelSize(3, 1)).classes();
    assertArrayEquals(new int[] {0, 1, 2}, mask[0]);
  }

  private static double at(int place, int before, int after, boolean alignCorners) {
    if (alignCorners) {
      return after == 1 ? 0 : place * (before - 1.0) / (after - 1.0);
    }
    return Math.max(0, (place + 0.5) * before / after - 0.5);
  }

  private double between(int k, double y, double x) {
    int top = (int) y;
    int left = (int) x;
    double upper = mixed(score(k, top, left), score(k, top, left + 1), x - left);
    double lower = mixed(score(k, top + 1, left), score(k, top + 1, left + 1), x - left);
    return mixed(upper, lower, y - top);
  }

  private static double mixed(double from, double to, double share) {
    return (1 - share) * from + share * to;
  }

  private double score(int k, int y, int x) {
    return scores[(k * 5 + Math.min(y, 4)) * 7 + Math.min(x, 6)];
  }

  private static float[] scores() {
    SplittableRandom random = new SplittableRandom(6);
    float[] values = new float[CLASSES * 7 * 5];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
