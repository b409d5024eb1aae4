package org.segtrain.metrics;

import java.util.Locale;
import org.segtrain.names.Choice;

/** The values that are averaged over several scales and over mirrored images. */
public enum Averaging {
  /** The soft-max of the scores, as MMSegmentation does. */
  PROBABILITIES,

  /** The scores themselves, as HRFormer's code does. */
  LOGITS;

  /** The name at every border, {@code logits}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The kind of that name.
   *
   * @throws IllegalArgumentException if there is none, naming the known ones
   */
  public static Averaging of(String name) {
    return Choice.of("evaluation average", values(), name);
  }
}
