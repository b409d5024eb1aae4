package org.segtrain.data;

import java.util.Locale;

/** The part of a data set that is learnt from, and the part that is measured on. */
public enum Split {
  TRAINING,
  VALIDATION;

  /** The name of the split's folders: "training" or "validation". */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
