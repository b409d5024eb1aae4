package org.segtrain.train;

/**
 * The loss or its gradient is no finite number; the message names step, learning rate and files.
 */
public final class DivergedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  DivergedException(String sentence) {
    super(sentence);
  }
}
