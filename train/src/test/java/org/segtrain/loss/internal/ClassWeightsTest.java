package org.segtrain.loss.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDManager;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.segtrain.data.Dataset;
import org.segtrain.data.JoinedDataset;
import org.segtrain.data.Sample;
import org.segtrain.data.Split;
import org.segtrain.data.internal.Batch;

final class ClassWeightsTest {

  /** One image: nine pixels of class 0, one of class 1, two void; class 2 never occurs. */
  private static final byte[] LABELS = {0, 0, 0, 0, 0, 0, 0, 0, 0, 1, (byte) 255, (byte) 255};

  @SuppressWarnings("ArrayRecordComponent") // pixels are handed on, never compared
  private record OneImage(byte[] labels) implements Dataset {

    OneImage() {
      this(LABELS);
    }

    @Override
    public String name() {
      return "one";
    }

    @Override
    public List<String> classes() {
      return List.of("often", "seldom", "never");
    }

    @Override
    public int size(Split split) {
      return 1;
    }

    @Override
    public String file(Split split, int index) {
      return "one";
    }

    @Override
    public Sample read(Split split, int index) {
      return new Sample("one", labels.length, 1, new byte[3 * labels.length], labels);
    }
  }

  @Test
  void withoutBalanceAllPixelsCountTheSame() {
    assertArrayEquals(new float[] {1, 1, 1}, weights(0), 0);
  }

  @Test
  void withFullBalanceAllClassesCountTheSame() {
    float[] weights = weights(1);
    assertEquals(9 * weights[0], weights[1], 1e-5);
  }

  @Test
  void withHalfBalanceWeightsGoWithTheRootOfTheShare() {
    float[] weights = weights(0.5);
    assertEquals(3 * weights[0], weights[1], 1e-5);
  }

  @Test
  void theMeanWeightOfAPixelIsOne() {
    for (double balance : new double[] {0, 0.3, 0.5, 1}) {
      Batch batch = new Batch(1, 3, 4, new byte[36], LABELS, List.of("one"));
      assertEquals(10, ClassWeights.of(new OneImage(), balance).total(batch), 1e-9);
    }
  }

  /** The second data set has the first two classes exchanged. */
  @Test
  void pixelsOfADataSetCountAsOftenAsTheyCome() {
    byte[] exchanged = {1, 1, 1, 1, 1, 1, 1, 1, 1, 0};
    Dataset joined = JoinedDataset.of(new OneImage(LABELS), 1).and(new OneImage(exchanged), 0.25);
    float[] weights = weights(joined, 1); // 9.25 pixels of 12.5, and 3.25
    assertEquals(9.25 / 3.25, weights[1] / weights[0], 1e-5);
  }

  private static float[] weights(double balance) {
    return weights(new OneImage(), balance);
  }

  private static float[] weights(Dataset dataset, double balance) {
    try (NDManager manager = NDManager.newBaseManager()) {
      return ClassWeights.of(dataset, balance).array(manager).toFloatArray();
    }
  }
}
