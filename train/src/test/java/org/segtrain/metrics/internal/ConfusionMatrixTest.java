package org.segtrain.metrics.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.segtrain.metrics.ClassCounts;
import org.segtrain.metrics.Metrics;

final class ConfusionMatrixTest {

  private static final int VOID = 255;

  private final SplittableRandom random = new SplittableRandom(5);

  @Test
  void equalsAPlainCountOverSeveralMaps() {
    int classes = 6;
    long[][] expected = new long[classes][classes];
    ConfusionMatrix matrix = new ConfusionMatrix(classes, VOID);
    for (int map = 0; map < 4; map++) {
      int height = 9 + map;
      byte[] labels = new byte[13 * height];
      byte[] predictions = new byte[13 * height];
      for (int i = 0; i < labels.length; i++) {
        int label = random.nextInt(5) == 0 ? VOID : random.nextInt(classes - 1);
        labels[i] = (byte) label;
        predictions[i] = (byte) random.nextInt(classes);
        if (label != VOID) {
          expected[label][predictions[i]]++;
        }
      }
      matrix.add(predictions, labels);
    }
    assertArrayEquals(expected, matrix.rows());
  }

  @Test
  void countsWhatAFloatCannot() {
    ConfusionMatrix matrix = new ConfusionMatrix(150, VOID);
    byte[] corner = new byte[1 << 24];
    Arrays.fill(corner, (byte) 149);
    for (int i = 0; i < 3; i++) {
      matrix.add(corner, corner);
    }
    assertEquals(3L << 24, matrix.rows()[149][149]);
    assertEquals(0, matrix.rows()[0][0]);
  }

  @Test
  void metricsEqualPlainLoopsAndLeaveOutClassesThatDoNotOccur() {
    long[][] counts = {
      {50, 10, 0, 0, 2}, // 4 is predicted but never right
      {5, 30, 0, 0, 0},
      {3, 7, 0, 0, 0}, // never found
      {0, 0, 0, 0, 0}, // neither labelled nor predicted
      {0, 0, 0, 0, 0} // predicted only
    };
    Metrics metrics = Metrics.of(List.of("a", "b", "c", "d", "e"), counts);
    assertEquals(List.of(50 / 70.0, 30 / 52.0, 0.0, Double.NaN, 0.0), metrics.iou());
    assertEquals(List.of(50 / 62.0, 30 / 35.0, 0.0, Double.NaN, Double.NaN), metrics.accuracies());
    assertEquals((50 / 70.0 + 30 / 52.0) / 4, metrics.meanIou(), 1e-15);
    assertEquals((50 / 62.0 + 30 / 35.0) / 3, metrics.meanAccuracy(), 1e-15);
    assertEquals(80 / 107.0, metrics.accuracy(), 1e-15);
    assertEquals((50 / 58.0 + 30 / 47.0) / 3, metrics.meanPrecision(), 1e-15); // 2 and 3 have none
    assertEquals((100 / 120.0 + 60 / 82.0) / 4, metrics.meanF1(), 1e-15); // only 3 has none
    double weighted = (62 * 50 / 70.0 + 35 * 30 / 52.0) / 107;
    assertEquals(weighted, metrics.frequencyWeightedIou(), 1e-15);
    assertEquals(107, metrics.pixels());
  }

  @Test
  void metricsEqualPlainLoopsOnRandomCounts() {
    int size = 40;
    long[][] counts = new long[size][size];
    for (long[] row : counts) {
      for (int j = 0; j < size; j++) {
        row[j] = random.nextInt(1000);
      }
    }
    Metrics metrics = Metrics.of(Collections.nCopies(size, "k"), counts);
    for (int k = 0; k < size; k++) {
      long union = -counts[k][k];
      long labelled = 0;
      for (int j = 0; j < size; j++) {
        union += counts[k][j] + counts[j][k];
        labelled += counts[k][j];
      }
      assertEquals(counts[k][k] / (double) union, metrics.iou().get(k), 1e-15);
      assertEquals(counts[k][k] / (double) labelled, metrics.accuracies().get(k), 1e-15);
      ClassCounts count = metrics.counts().get(k);
      double harmonic = 2 / (1 / count.precision() + 1 / count.recall());
      assertEquals(harmonic, count.f1(), 1e-15);
      double iou = count.iou();
      assertEquals(2 * iou / (1 + iou), count.f1(), 1e-15);
    }
  }

  @Test
  void nothingCountedIsNoNumber() {
    Metrics metrics = Metrics.of(List.of("a"), new long[1][1]);
    assertEquals(Double.NaN, metrics.meanIou());
    assertEquals(Double.NaN, metrics.accuracy());
    assertEquals(Double.NaN, metrics.meanF1());
    assertEquals(Double.NaN, metrics.frequencyWeightedIou());
  }
}
