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
    BoundaryRegion region = new BoundaryRegion(width, height);
    byte[] truth = region.of(labels);
    byte[] found = region.of(masked(predictions, labels));
    for (int i = 0; i < truth.length; i++) {
      int label = truth[i] & 0xFF;
      int prediction = found[i] & 0xFF;
      if (label != Sample.VOID) {
        labelled[label]++;
      }
      if (prediction != Sample.VOID) {
        predicted[prediction]++;
        if (prediction == label) {
          both[label]++;
        }
      }
    }
  }

  private static byte[] masked(byte[] predictions, byte[] labels) {
    byte[] masked = predictions.clone();
    for (int i = 0; i < masked.length; i++) {
      if (labels[i] == (byte) Sample.VOID) {
        masked[i] = (byte) Sample.VOID;
      }
    }
    return masked;
  }

  List<ClassCounts> counts() {
    return IntStream.range(0, both.length)
        .mapToObj(k -> new ClassCounts(k, labelled[k], predicted[k], both[k]))
        .toList();
  }
}
