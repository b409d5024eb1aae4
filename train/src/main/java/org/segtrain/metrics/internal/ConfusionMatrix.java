package org.segtrain.metrics.internal;

/** Counts of pixels by their true and their predicted class, in int64. */
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
   * Counts the pixels of two maps.
   *
   * @param predictions a class for each pixel
   * @param labels a class or the ignored label for each pixel
   */
  public void add(byte[] predictions, byte[] labels) {
    add(count(predictions, labels));
  }

  /**
   * The counts of two maps alone, true class by predicted class.
   *
   * @param predictions a class for each pixel
   * @param labels a class or the ignored label for each pixel
   */
  long[][] count(byte[] predictions, byte[] labels) {
    long[] cells = new long[classes * classes];
    for (int i = 0; i < labels.length; i++) {
      int label = labels[i] & 0xFF;
      if (label != ignored) {
        cells[label * classes + (predictions[i] & 0xFF)]++;
      }
    }
    long[][] own = new long[classes][classes];
    for (int i = 0; i < classes; i++) {
      System.arraycopy(cells, i * classes, own[i], 0, classes);
    }
    return own;
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
