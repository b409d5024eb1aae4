package org.segtrain.metrics.internal;

import ai.djl.ndarray.NDArray;
import org.segtrain.engine.Aten;

/** Counts of pixels by their true and their predicted class, in int64; counted on the device. */
public final class ConfusionMatrix {

  private final int classes;
  private final int ignored;
  private final long[][] rows;

  /**
   * A matrix of zeros.
   *
   * @param ignored the label of pixels that do not count
   */
  public ConfusionMatrix(int classes, int ignored) {
    this.classes = classes;
    this.ignored = ignored;
    this.rows = new long[classes][classes];
  }

  /**
   * Counts the pixels of two maps of the same shape.
   *
   * @param predictions classes, int64
   * @param labels classes or the ignored label, int64
   */
  public void add(NDArray predictions, NDArray labels) {
    add(count(predictions, labels));
  }

  /** The counts of two such maps alone, true class by predicted class. */
  long[][] count(NDArray predictions, NDArray labels) {
    try (NDArray cells = // K·K, and one for pixels that do not count
        Aten.call(
            "torch.bincount(torch.flatten(torch.where(torch.eq($1, $2), torch.full_like($1, $4),"
                + " torch.add(torch.mul($1, $3), $0))), None, $5)",
            predictions,
            labels,
            ignored,
            classes,
            classes * classes,
            classes * classes + 1)) {
      long[] counts = cells.toLongArray();
      long[][] own = new long[classes][classes];
      for (int i = 0; i < classes; i++) {
        System.arraycopy(counts, i * classes, own[i], 0, classes);
      }
      return own;
    }
  }

  /** Adds what {@link #count} gave. */
  void add(long[][] counts) {
    for (int i = 0; i < classes; i++) {
      for (int j = 0; j < classes; j++) {
        rows[i][j] += counts[i][j];
      }
    }
  }

  /** The counts, true class by predicted class. */
  public long[][] rows() {
    long[][] copy = new long[classes][];
    for (int i = 0; i < classes; i++) {
      copy[i] = rows[i].clone();
    }
    return copy;
  }
}
