package org.segtrain.loss;

import java.util.Locale;
import org.segtrain.names.Choice;

/** Which pixels a loss of pixels is the mean over; hard ones where the term looks for them. */
public enum LossMean {
  /** Those that are not void, as PyTorch's own losses are. */
  VALID,

  /**
   * All, void ones adding nothing, as MMSegmentation's are: the more of a batch is void, the less
   * it counts.
   */
  ALL;

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
