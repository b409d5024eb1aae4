package org.segtrain.data;

import java.nio.file.Path;
import java.util.Arrays;
import org.segtrain.errors.DataException;

/** What the values in a data set's masks mean. */
final class LabelRule {

  private static final int REFUSED = -1;

  private final int[] labels; // by value in the mask
  private final String allowed;

  private LabelRule(int[] labels, String allowed) {
    this.labels = labels;
    this.allowed = allowed;
  }

  /** Values are classes, 255 is void. */
  static LabelRule direct(int classes) {
    int[] labels = new int[256];
    Arrays.setAll(labels, value -> value < classes ? value : REFUSED);
    labels[Sample.VOID] = Sample.VOID;
    return new LabelRule(labels, "0-%d and 255 = void".formatted(classes - 1));
  }

  /** Value 0 is void, k is class k - 1. */
  static LabelRule fromOne(int classes) {
    int[] labels = new int[classes + 1];
    Arrays.setAll(labels, value -> value - 1);
    labels[0] = Sample.VOID;
    return new LabelRule(labels, "1-%d and 0 = void".formatted(classes));
  }

  /** Returns the labels of {@code mask}, which was read from {@code file}. */
  byte[] apply(LabelMap mask, Path file) {
    int[] values = mask.values();
    byte[] result = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      int label = values[i] < labels.length ? labels[values[i]] : REFUSED;
      if (label == REFUSED) {
        throw new DataException(
            "label %d in %s (column %d, row %d), but labels are %s; correct the mask"
                .formatted(values[i], file, i % mask.width(), i / mask.width(), allowed));
      }
      result[i] = (byte) label;
    }
    return result;
  }
}
