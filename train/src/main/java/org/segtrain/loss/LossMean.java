package org.segtrain.loss;

import java.util.Locale;
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
   * Hard pixels (Shrivastava et al., arXiv:1604.03540) of each forward pass, as HRFormer's are; of
   * auxiliary scores those that are not void.
   */
  HARD;

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
