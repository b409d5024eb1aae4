package org.segtrain.loss;

import java.util.List;
import java.util.Locale;
import org.segtrain.data.Batch;
import org.segtrain.names.Choice;

/** Which pixels the loss is the mean over. */
public enum LossMean {
  /** Those that are not void, as PyTorch's own losses are. */
  VALID,

  /**
   * All, void ones adding nothing, as MMSegmentation's are: the more of a batch is void, the less
   * it counts.
   */
  ALL,

  /**
   * {@link HardPixels} of each forward pass, as HRFormer's are; of auxiliary scores those that are
   * not void.
   */
  HARD;

  /**
   * What one pixel of the batches of a step counts, if all of them together count 1; 0 if there is
   * no pixel to count.
   */
  public double pixelWeight(List<Batch> batches, ClassWeights classWeights) {
    double total =
        this == ALL
            ? batches.stream().mapToDouble(batch -> batch.labels().length).sum()
            : batches.stream().mapToDouble(classWeights::total).sum();
    return total == 0 ? 0 : 1 / total;
  }

  /** The name at every border, {@code valid}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The kind of that name.
   *
   * @throws IllegalArgumentException if there is none, naming those there are
   */
  public static LossMean of(String name) {
    return Choice.of("loss mean", values(), name);
  }
}
