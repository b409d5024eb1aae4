package org.segtrain.train;

import java.util.Locale;

/** The arithmetic of activations and matrix products. Weights and optimiser are float32 in both. */
public enum Precision {
  /** float32 everywhere. */
  FP32,
  /** bfloat16 activations and products; normalisation statistics and the loss in float32. */
  BF16;

  /** The name at every border, {@code bf16}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
