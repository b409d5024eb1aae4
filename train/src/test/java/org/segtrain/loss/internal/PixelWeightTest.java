package org.segtrain.loss.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.segtrain.data.Sample;
import org.segtrain.data.internal.Batch;
import org.segtrain.loss.LossMean;

final class PixelWeightTest {

  private static final ClassWeights EQUAL = ClassWeights.equal(3);

  @Test
  void voidPixelsCountOnlyInTheMeanOverAll() {
    List<Batch> batches = List.of(batch(10), batch(22));
    assertEquals(1.0 / 32, weight(LossMean.VALID, batches, EQUAL));
    assertEquals(1.0 / 128, weight(LossMean.ALL, batches, EQUAL));
  }

  @Test
  void ofNoPixelsNothingCounts() {
    assertEquals(0, weight(LossMean.VALID, List.of(batch(0)), EQUAL));
  }

  /** 64 pixels of which as many are valid. */
  private static Batch batch(int valid) {
    byte[] labels = new byte[64];
    Arrays.fill(labels, valid, 64, (byte) Sample.VOID);
    return new Batch(1, 8, 8, new byte[192], labels, List.of("a"));
  }

  private static double weight(LossMean mean, List<Batch> batches, ClassWeights classWeights) {
    return PixelWeight.of(
        batches.stream()
            .mapToDouble(batch -> PixelWeight.total(mean, batch, classWeights))
            .toArray());
  }
}
