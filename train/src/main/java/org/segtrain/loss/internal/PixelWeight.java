package org.segtrain.loss.internal;

import java.util.List;
import org.segtrain.data.internal.Batch;
import org.segtrain.loss.LossMean;

/** The weight of one pixel in the loss of a step. */
public final class PixelWeight {

  private PixelWeight() {}

  /**
   * The weight of one pixel of the batches of a step, if all sum to 1; 0 if there is no pixel to
   * count.
   */
  public static double of(LossMean mean, List<Batch> batches, ClassWeights classWeights) {
    double total =
        mean == LossMean.ALL
            ? batches.stream().mapToDouble(batch -> batch.labels().length).sum()
            : batches.stream().mapToDouble(batch -> classWeights.total(batch)).sum();
    return total == 0 ? 0 : 1 / total;
  }
}
