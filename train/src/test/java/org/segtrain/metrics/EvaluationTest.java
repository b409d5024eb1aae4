package org.segtrain.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class EvaluationTest {

  private static final int CLASSES = 4;

  private final SplittableRandom random = new SplittableRandom(11);

  /** Against whole confusion matrices, summed and evaluated a thousand times. */
  @Test
  void theIntervalIsThatOfResampledMatrices() {
    List<long[][]> matrices = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      matrices.add(matrix());
    }
    Random draws = new Random(0);
    List<Double> means = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      long[][] sum = new long[CLASSES][CLASSES];
      for (int j = 0; j < 12; j++) {
        add(sum, matrices.get(draws.nextInt(12)));
      }
      means.add(Metrics.of(names(), sum).meanIou());
    }
    Collections.sort(means);
    Interval found = evaluation(matrices).meanIouInterval();
    assertEquals(0.025 * means.get(24) + 0.975 * means.get(25), found.low(), 1e-12); // place 24.975
    assertEquals(0.975 * means.get(974) + 0.025 * means.get(975), found.high(), 1e-12);
    assertEquals(12, found.images());
    assertTrue(found.low() < found.high());
  }

  /**
   * Of 200 data sets of 60 images, about 95 % of the intervals hold the mIoU of all images that
   * there could be.
   */
  @Test
  void intervalsCoverWhatTheyShould() {
    long[][] all = new long[CLASSES][CLASSES];
    for (int i = 0; i < 40_000; i++) {
      add(all, matrix());
    }
    double truth = Metrics.of(names(), all).meanIou();
    int covered = 0;
    for (int i = 0; i < 200; i++) {
      List<long[][]> matrices = new ArrayList<>();
      for (int j = 0; j < 60; j++) {
        matrices.add(matrix());
      }
      Interval interval = evaluation(matrices).meanIouInterval();
      covered += interval.low() <= truth && truth <= interval.high() ? 1 : 0;
    }
    assertTrue(covered >= 178 && covered <= 199, "covered " + covered + " of 200");
  }

  @Test
  void imagesWithoutLabelsAndSingleOnesHaveNoInterval() {
    long[][] nothing = new long[CLASSES][CLASSES];
    Interval one = evaluation(List.of(matrix(), nothing, nothing)).meanIouInterval();
    assertFalse(one.isKnown());
    assertEquals(1, one.images());
    long[][] first = matrix();
    long[][] second = matrix();
    Interval two = evaluation(List.of(first, second)).meanIouInterval();
    assertEquals(two, evaluation(List.of(first, nothing, second)).meanIouInterval());
  }

  @Test
  void partsAddUpToTheWholeInAnyOrder() {
    List<long[][]> matrices = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      matrices.add(matrix());
    }
    Evaluation whole = evaluation(matrices, 0, 1);
    Evaluation parts =
        evaluation(matrices, 2, 3)
            .plus(evaluation(matrices, 0, 3))
            .plus(evaluation(matrices, 1, 3));
    assertEquals(whole, parts);
    assertEquals(whole.meanIouInterval(), parts.meanIouInterval());
  }

  @Test
  void theWorstImageComesFirstAndOneWithoutLabelsLast() {
    long[][] right = {{5, 0, 0, 0}, {0, 5, 0, 0}, {0, 0, 0, 0}, {0, 0, 0, 0}};
    long[][] half = {{5, 5, 0, 0}, {0, 0, 0, 0}, {0, 0, 0, 0}, {0, 0, 0, 0}};
    long[][] nothing = new long[CLASSES][CLASSES];
    List<ImageCounts> sorted = evaluation(List.of(nothing, right, half)).worstFirst();
    assertEquals(List.of(2, 1, 0), sorted.stream().map(ImageCounts::index).toList());
    assertEquals(0.25, sorted.get(0).meanIou(), "of classes 0, 5 of 10, and 1, 0 of 5");
    assertEquals(0.5, sorted.get(0).accuracy());
    assertEquals(10, sorted.get(0).pixels());
    assertEquals(Double.NaN, sorted.get(2).meanIou());
  }

  private static List<String> names() {
    return List.of("a", "b", "c", "d");
  }

  private static Evaluation evaluation(List<long[][]> matrices) {
    return evaluation(matrices, 0, 1);
  }

  /** Of every {@code step}-th image. */
  private static Evaluation evaluation(List<long[][]> matrices, int first, int step) {
    long[][] sum = new long[CLASSES][CLASSES];
    List<ImageCounts> images = new ArrayList<>();
    for (int i = first; i < matrices.size(); i += step) {
      add(sum, matrices.get(i));
      List<ClassCounts> counts =
          ClassCounts.of(matrices.get(i)).stream().filter(count -> count.either() > 0).toList();
      images.add(new ImageCounts(i, "%d.png".formatted(i), 8, 8, counts));
    }
    List<List<Long>> rows =
        Arrays.stream(sum).map(row -> Arrays.stream(row).boxed().toList()).toList();
    return new Evaluation(names(), rows, ClassCounts.of(sum), images);
  }

  /** Of an image whose share of right pixels is its own; class 3 is in one of three. */
  private long[][] matrix() {
    long[][] matrix = new long[CLASSES][CLASSES];
    double right = 0.4 + 0.5 * random.nextDouble();
    int classes = random.nextInt(3) == 0 ? CLASSES : CLASSES - 1;
    for (int i = 0; i < 200; i++) {
      int label = random.nextInt(classes);
      matrix[label][random.nextDouble() < right ? label : random.nextInt(classes)]++;
    }
    return matrix;
  }

  private static void add(long[][] sum, long[][] more) {
    for (int i = 0; i < CLASSES; i++) {
      for (int j = 0; j < CLASSES; j++) {
        sum[i][j] += more[i][j];
      }
    }
  }
}
