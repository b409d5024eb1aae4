package org.segtrain.metrics.internal;

import java.util.List;
import java.util.stream.IntStream;
import org.segtrain.data.Sample;
import org.segtrain.metrics.ClassCounts;

/** Counts of the pixels in the boundary regions of each class, for Boundary IoU. */
final class BoundaryCounts {

  private final long[] labelled;
  private final long[] predicted;
  private final long[] both;

  /** Zeros. */
  BoundaryCounts(int classes) {
    labelled = new long[classes];
    predicted = new long[classes];
    both = new long[classes];
  }

  /**
   * Counts the regions of two maps of {@code H*W} bytes. Pixels without a label are void in both.
   */
  void add(byte[] predictions, byte[] labels, int width, int height) {
    int distance = BoundaryRegion.distance(width, height);
    BoundaryRegion truth = new BoundaryRegion(width, distance);
    BoundaryRegion found = new BoundaryRegion(width, distance);
    byte[] row = new byte[width];
    for (int y = 0; y < height + distance; y++) {
      boolean isThere = y < height;
      if (isThere) {
        truth.read(labels, y * width);
        mask(predictions, labels, y * width, row);
        found.read(row, 0);
      }
      int middle = y - distance;
      for (int x = 0; x < width && middle >= 0; x++) {
        int i = middle * width + x;
        int label = labels[i] & 0xFF;
        if (label != Sample.VOID) {
          int prediction = predictions[i] & 0xFF;
          boolean isLabelled = !isThere || !truth.isInside(x, label);
          boolean isPredicted = !isThere || !found.isInside(x, prediction);
          count(label, prediction, isLabelled, isPredicted);
        }
      }
    }
  }

  private void count(int label, int prediction, boolean isLabelled, boolean isPredicted) {
    if (isLabelled) {
      labelled[label]++;
    }
    if (isPredicted) {
      predicted[prediction]++;
      if (isLabelled && prediction == label) {
        both[label]++;
      }
    }
  }

  private static void mask(byte[] predictions, byte[] labels, int from, byte[] row) {
    for (int x = 0; x < row.length; x++) {
      boolean isVoid = labels[from + x] == (byte) Sample.VOID;
      row[x] = isVoid ? (byte) Sample.VOID : predictions[from + x];
    }
  }

  List<ClassCounts> counts() {
    return IntStream.range(0, both.length)
        .mapToObj(k -> new ClassCounts(k, labelled[k], predicted[k], both[k]))
        .toList();
  }
}
