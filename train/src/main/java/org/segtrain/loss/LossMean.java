package org.segtrain.loss;

import java.util.Locale;
import org.segtrain.names.Choice;

/**
 * The pixels over which a sum of pixels is averaged; only hard ones, if the term looks for them.
 */
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
   * @throws IllegalArgumentException if there is none, naming the known ones
   */
  public static LossMean of(String name) {
    return Choice.of("loss mean", values(), name);
  }
}
