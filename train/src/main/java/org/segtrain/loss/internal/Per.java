package org.segtrain.loss.internal;

import java.util.Locale;

/** The images that a term of a loss is computed of at once. */
enum Per {
  /** Each image of a forward pass; the term is their mean. Only one is in memory at a time. */
  IMAGE,

  /** All images of a forward pass, whose enlarged scores are in memory together. */
  BATCH;

  /** The name at every border, {@code image}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
