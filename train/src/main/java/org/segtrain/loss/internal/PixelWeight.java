package org.segtrain.loss.internal;

import java.util.Arrays;
import org.segtrain.data.internal.Batch;
import org.segtrain.loss.LossMean;

/** The weight of one pixel in the loss of a step. */
public final class PixelWeight {

  private PixelWeight() {}

  /** The weights of all pixels of a batch together, if each is that of its class. */
  public static double total(LossMean mean, Batch batch, ClassWeights classWeights) {
    return mean == LossMean.ALL ? batch.labels().length : classWeights.total(batch);
  }

  /** The weight of one pixel, if all sum to 1; 0 if there is no pixel to count. */
  public static double of(double... totals) {
    double sum = Arrays.stream(totals).sum();
    return sum == 0 ? 0 : 1 / sum;
  }
}
