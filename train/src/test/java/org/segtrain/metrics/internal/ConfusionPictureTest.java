package org.segtrain.metrics.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.segtrain.data.Picture;
import org.segtrain.data.internal.Legend;
import org.segtrain.metrics.Evaluation;

final class ConfusionPictureTest {

  private static final int FIRST = 180; // of the matrix's pixels
  private static final int CELL = 40;

  /** All of the first row is right, all of the second wrong, of the third there is nothing. */
  @Test
  void cellsAreAsDarkAsTheirShare() {
    List<List<Long>> counts =
        List.of(List.of(9L, 0L, 0L), List.of(4L, 0L, 0L), List.of(0L, 0L, 0L));
    Picture picture = ConfusionPicture.draw(evaluation(counts), false);
    assertEquals(FIRST + 3 * CELL + 6, picture.width());
    assertArrayEquals(new int[] {8, 48, 107}, rgb(picture, 0, 0));
    assertArrayEquals(new int[] {8, 48, 107}, rgb(picture, 0, 1));
    assertArrayEquals(new int[] {255, 255, 255}, rgb(picture, 1, 1));
    assertArrayEquals(new int[] {224, 224, 224}, rgb(picture, 2, 2));
  }

  @Test
  void manyClassesWithLongNamesFit() {
    List<Long> row = Collections.nCopies(150, 1L);
    List<List<Long>> counts = Collections.nCopies(150, row);
    Picture picture = ConfusionPicture.draw(evaluation(counts), Legend.hasWords());
    assertEquals(FIRST + 150 * 8 + 6, picture.height());
  }

  private static Evaluation evaluation(List<List<Long>> counts) {
    String name = "a class with a name that is longer than there is room for in a picture";
    return new Evaluation(Collections.nCopies(counts.size(), name), counts, List.of(), List.of());
  }

  private static int[] rgb(Picture picture, int column, int row) {
    int x = FIRST + column * CELL + CELL / 2;
    int y = FIRST + row * CELL + CELL / 2;
    int[] rgb = new int[3];
    for (int c = 0; c < 3; c++) {
      rgb[c] = picture.rgb()[3 * (y * picture.width() + x) + c] & 0xFF;
    }
    return rgb;
  }
}
