package org.segtrain.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;
import org.segtrain.errors.UsageException;

final class PairedBootstrapTest {

  private static final int IMAGES = 40;
  private static final int SIDE = 20;

  /** Two classes of half the pixels each; of the first so many are found as {@code found} says. */
  private static Evaluation evaluation(IntUnaryOperator found, int labelled) {
    List<ImageCounts> images = new ArrayList<>();
    for (int i = 0; i < IMAGES; i++) {
      int both = found.applyAsInt(i);
      int rest = SIDE * SIDE - labelled;
      images.add(
          new ImageCounts(
              i,
              "%d.png".formatted(i),
              SIDE,
              SIDE,
              List.of(
                  new ClassCounts(0, labelled, both, both),
                  new ClassCounts(1, rest, rest + labelled - both, rest))));
    }
    List<List<Long>> none = List.of(List.of(0L, 0L, 0L), List.of(0L, 0L, 0L), List.of(0L, 0L, 0L));
    return new Evaluation(List.of("a", "b", "never"), none, List.of(), images);
  }

  @Test
  void aSmallGainOnEveryImageIsSignificantThoughImagesDifferMore() {
    Random random = new Random(3);
    int[] found = random.ints(IMAGES, 50, 150).toArray();
    Evaluation worse = evaluation(i -> found[i], 200);
    Evaluation better = evaluation(i -> found[i] + 2, 200);
    List<Difference> differences = better.differences(worse);
    Difference first = differences.get(0);
    assertEquals(2 / 200.0, first.value(), 1e-12);
    assertEquals(2 / 200.0, first.low(), 1e-12, "the same on whatever images");
    assertTrue(first.isSignificant());
    Interval alone = new Bootstrap(3, worse.images()).meanIou();
    assertTrue(alone.high() - alone.low() > 2 / 200.0, "by itself each is less sure");
    Difference mean = differences.get(3);
    assertEquals((first.value() + differences.get(1).value()) / 2, mean.value(), 1e-12);
    assertTrue(mean.low() <= mean.value() && mean.value() <= mean.high());
    assertEquals(-mean.value(), worse.differences(better).get(3).value(), 1e-12);
  }

  @Test
  void chanceIsNotSignificantAndNothingIsUnknown() {
    Random random = new Random(5);
    int[] found = random.ints(IMAGES, 90, 110).toArray();
    int[] others = random.ints(IMAGES, 90, 110).toArray();
    List<Difference> differences =
        evaluation(i -> found[i], 200).differences(evaluation(i -> others[i], 200));
    assertFalse(differences.get(0).isSignificant());
    Difference never = differences.get(2);
    assertTrue(Double.isNaN(never.value()) && Double.isNaN(never.low()));
    assertFalse(never.isSignificant());
  }

  @Test
  void otherLabelsAreRefused() {
    Evaluation one = evaluation(i -> 100, 200);
    UsageException refused =
        assertThrows(UsageException.class, () -> one.differences(evaluation(i -> 100, 199)));
    assertTrue(refused.getMessage().contains("other classes, images or labels"));
  }
}
