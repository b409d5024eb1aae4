package org.segtrain.metrics.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.segtrain.engine.Aten;

/**
 * Counts of pixels by their true and their predicted class, in int64, on the device of the maps.
 */
public final class ConfusionMatrix {

  private final int classes;
  private final int ignored;
  private final NDArray counts; // K·K cells, and one for pixels that do not count

  /**
   * A matrix of zeros.
   *
   * @param manager keeps the counts, on its device
   * @param ignored the label of pixels that do not count
   */
  public ConfusionMatrix(NDManager manager, int classes, int ignored) {
    this.classes = classes;
    this.ignored = ignored;
    this.counts = manager.zeros(new Shape((long) classes * classes + 1), DataType.INT64);
  }

  /**
   * Counts the pixels of two maps of the same shape.
   *
   * @param predictions classes, int64
   * @param labels classes or the ignored label, int64
   */
  public void add(NDArray predictions, NDArray labels) {
    try (NDArray cells =
        Aten.call(
            "torch.bincount(torch.flatten(torch.where(torch.eq($1, $2), torch.full_like($1, $4),"
                + " torch.add(torch.mul($1, $3), $0))), None, $5)",
            predictions,
            labels,
            ignored,
            classes,
            classes * classes,
            classes * classes + 1)) {
      counts.addi(cells);
    }
  }

  /** The counts, true class by predicted class. */
  public long[][] rows() {
    long[] cells = counts.toLongArray();
    long[][] rows = new long[classes][classes];
    for (int i = 0; i < classes; i++) {
      System.arraycopy(cells, i * classes, rows[i], 0, classes);
    }
    return rows;
  }
}
