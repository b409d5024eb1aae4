package org.segtrain.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ConfusionTest {

  private static final List<List<Long>> COUNTS =
      List.of(List.of(90L, 10L, 0L), List.of(30L, 10L, 0L), List.of(0L, 5L, 0L));

  private static final Evaluation EVALUATION =
      new Evaluation(List.of("sky", "sea", "sand"), COUNTS, List.of(), List.of());

  @Test
  void theMostPixelsComeFirstWithTheirShareOfTheLabel() {
    assertEquals(
        List.of(
            new Confusion(1, 0, 30, 0.75), new Confusion(0, 1, 10, 0.1), new Confusion(2, 1, 5, 1)),
        Confusion.most(EVALUATION, 9));
    assertEquals(1, Confusion.most(EVALUATION, 1).size());
  }
}
