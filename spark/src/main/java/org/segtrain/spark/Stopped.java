package org.segtrain.spark;

/** A task cannot go on with any image: its model cannot be opened, or no result be written. */
final class Stopped extends RuntimeException {

  private static final long serialVersionUID = 1;

  Stopped(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
