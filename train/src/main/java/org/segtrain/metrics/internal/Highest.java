package org.segtrain.metrics.internal;

import java.util.Arrays;

/** The class with the highest score of each pixel, found row by row and class by class. */
final class Highest {

  private final byte[] map;
  private final float[] best; // of the row
  private int from; // where the row begins in the map

  /** Fills {@code map}, {@code H*W} bytes. */
  Highest(byte[] map, int width) {
    this.map = map;
    this.best = new float[width];
  }

  byte[] map() {
    return map;
  }

  /** Begins a row. */
  void begin(int row) {
    from = row * best.length;
    Arrays.fill(best, Float.NEGATIVE_INFINITY);
  }

  /**
   * Offers the scores of class {@code k}, which lie between those of two rows.
   *
   * @param at where the scores of that class begin in both
   * @param share of the row below, 0-1
   */
  void offerBetween(int k, float[] above, float[] below, int at, float share) {
    float rest = 1 - share;
    for (int x = 0; x < best.length; x++) {
      float score = rest * above[at + x] + share * below[at + x];
      if (score > best[x]) {
        best[x] = score;
        map[from + x] = (byte) k;
      }
    }
  }
}
