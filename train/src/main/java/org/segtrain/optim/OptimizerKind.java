package org.segtrain.optim;

import java.util.Locale;

/** The optimisers. */
public enum OptimizerKind {
  /** Loshchilov and Hutter (arXiv:1711.05101), algorithm 2. */
  ADAMW,

  /** Stochastic gradient descent with momentum; weight decay is added to the gradient. */
  SGD;

  /** The name at every border, {@code adamw}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
