package org.segtrain.augment;

import org.segtrain.data.Sample;

/**
 * A rectangle of a resized sample, with its labels.
 *
 * @param labels {@code H*W}, each of them the nearest of the sample's
 */
@SuppressWarnings("ArrayRecordComponent") // pixels are handed on, never compared
record Part(int left, int top, int width, int height, byte[] labels) {

  /**
   * The rectangle at that place.
   *
   * @param resized size of the whole sample after resizing
   */
  static Part of(Sample sample, Frame resized, int left, int top, int width, int height) {
    int[] columns = nearest(sample.width(), resized.width(), left, width);
    int[] rows = nearest(sample.height(), resized.height(), top, height);
    byte[] stored = sample.labels();
    byte[] labels = new byte[width * height];
    for (int y = 0; y < height; y++) {
      if (y > 0 && rows[y] == rows[y - 1]) {
        System.arraycopy(labels, (y - 1) * width, labels, y * width, width);
      } else {
        gather(stored, rows[y] * sample.width(), columns, labels, y * width);
      }
    }
    return new Part(left, top, width, height, labels);
  }

  private static void gather(byte[] stored, int row, int[] columns, byte[] labels, int to) {
    for (int x = 0; x < columns.length; x++) {
      labels[to + x] = stored[row + columns[x]];
    }
  }

  /** Which of the stored pixels OpenCV's {@code INTER_NEAREST} takes for each of the resized. */
  private static int[] nearest(int stored, int resized, int first, int count) {
    double step = 1 / (resized / (double) stored);
    int[] places = new int[count];
    for (int i = 0; i < count; i++) {
      places[i] = Math.min((int) ((first + i) * step), stored - 1);
    }
    return places;
  }

  /** Whether the commonest class has less than that share of the labelled pixels, and not all. */
  boolean isVaried(double share) {
    int[] count = new int[256];
    byte last = 0;
    int run = 0;
    for (byte label : labels) { // neighbours are mostly of one class
      if (label != last) {
        count[last & 0xFF] += run;
        last = label;
        run = 0;
      }
      run++;
    }
    count[last & 0xFF] += run;
    int labelled = width * height - count[Sample.VOID];
    int most = 0;
    for (int k = 0; k < Sample.VOID; k++) {
      most = Math.max(most, count[k]);
    }
    return most < labelled && most < share * labelled;
  }

  /** The labels, with left and right exchanged if asked for. */
  byte[] labels(boolean isMirrored) {
    return isMirrored ? RandomFlip.mirrored(labels, width) : labels;
  }
}
