package org.segtrain.data.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.segtrain.data.Dataset;
import org.segtrain.data.JoinedDataset;
import org.segtrain.data.Refusals;
import org.segtrain.data.Sample;
import org.segtrain.data.Split;

final class RareClassesTest {

  /** DAFormer's equations in the plain form, in which they overflow at small temperatures. */
  @Test
  void probabilitiesAreThoseOfTheEquations() {
    double[] pixels = {700, 250, 50, 0};
    double[] frequencies = {0.7, 0.25, 0.05};
    double temperature = 0.1;
    double sum = 0;
    for (double f : frequencies) {
      sum += Math.exp((1 - f) / temperature);
    }
    double[] expected = new double[4];
    for (int k = 0; k < 3; k++) {
      expected[k] = Math.exp((1 - frequencies[k]) / temperature) / sum;
    }
    assertArrayEquals(expected, RareClasses.probabilities(pixels, temperature), 1e-12);
    assertArrayEquals(new double[] {0, 0, 1, 0}, RareClasses.probabilities(pixels, 1e-4), 1e-12);
  }

  @Test
  void samplesWithARareClassComeAsOftenAsItIsDrawn() {
    Strips strips = new Strips();
    RareClasses turns = RareClasses.of(strips, 0.5, 7, 2);
    int[] drawn = new int[4];
    int draws = 20_000;
    for (int i = 0; i < draws; i++) {
      drawn[turns.at(i).index()]++;
    }
    double[] p = RareClasses.probabilities(new double[] {30, 9, 1}, 0.5);
    // the first class is in all four samples, the second in the last two, the third in the last
    assertEquals(p[0] / 4, drawn[0] / (double) draws, 0.015);
    assertEquals(p[0] / 4 + p[1] / 2 + p[2], drawn[3] / (double) draws, 0.015);
  }

  /** As if those of the second data set were there four times. */
  @Test
  void samplesOfALargerWeightCountAndComeMoreOften() {
    Dataset joined = JoinedDataset.of(new Strips(), 1).and(new Strips(), 4);
    RareClasses turns = RareClasses.of(joined, 0.5, 7, 2);
    int[] drawn = new int[8];
    int draws = 20_000;
    for (int i = 0; i < draws; i++) {
      drawn[turns.at(i).index()]++;
    }
    double[] p = RareClasses.probabilities(new double[] {5 * 30, 5 * 9, 5}, 0.5);
    double last = p[0] / 4 + p[1] / 2 + p[2];
    assertEquals(last / 5, drawn[3] / (double) draws, 0.015);
    assertEquals(last * 4 / 5, drawn[7] / (double) draws, 0.015);
  }

  @Test
  void turnsDependOnSeedAndPositionAlone() {
    RareClasses one = RareClasses.of(new Strips(), 0.5, 7, 1);
    RareClasses other = RareClasses.of(new Strips(), 0.5, 7, 3);
    for (long position : List.of(5L, 0L, 1_000_000L)) {
      Turns.Turn turn = one.at(position);
      Turns.Turn same = other.at(position);
      assertEquals(turn.index(), same.index());
      assertEquals(turn.random().nextLong(), same.random().nextLong());
    }
  }

  @Test
  void masksWithoutAClassAreRefused() {
    Refusals.assertRefused(() -> RareClasses.probabilities(new double[2], 1), "no training sample");
  }

  /** Four samples of ten pixels. */
  private static final class Strips implements Dataset {

    private static final byte[][] LABELS = {
      {0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
      {0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
      {0, 0, 0, 0, 0, 1, 1, 1, 1, 1},
      {0, 0, 0, 0, 0, 1, 1, 1, 1, 2}
    };

    @Override
    public String name() {
      return "strips";
    }

    @Override
    public List<String> classes() {
      return List.of("a", "b", "c");
    }

    @Override
    public int size(Split split) {
      return LABELS.length;
    }

    @Override
    public String file(Split split, int index) {
      return "strip " + index;
    }

    @Override
    public Sample read(Split split, int index) {
      return new Sample(file(split, index), 10, 1, new byte[30], LABELS[index].clone());
    }
  }
}
