package org.segtrain.check;

import java.util.HexFormat;
import org.segtrain.data.internal.PhotographFacts;

/**
 * How alike photographs are: by the signs of the steps of brightness between neighbouring cells of
 * a grid (dHash, 64 bits; N. Krawetz, "Kind of Like That", 2013), and by the brightness itself. The
 * signs find candidates fast, at any exposure, but frames of one camera share most of them.
 */
@SuppressWarnings("ArrayRecordComponent") // cells are looked at, never compared
record Likeness(long hash, byte[] greys) {

  /** Bits in which copies differ at most. */
  static final int BITS = 6;

  /** Mean difference of the brightness of copies, 0-255, at most. */
  static final double GREY = 3;

  /** The bounds of near copies, for people. */
  static final String LIMIT =
      "at most %d of 64 bits of their dHash, and %.0f of 255 in brightness".formatted(BITS, GREY);

  private static final int COLUMNS = 9;
  private static final int FLAT = 2; // steps of brightness that are noise

  static Likeness of(PhotographFacts photograph) {
    byte[] greys = HexFormat.of().parseHex(photograph.greys());
    long hash = 0;
    for (int i = 0; i < greys.length; i++) {
      if (i % COLUMNS < COLUMNS - 1) {
        hash = hash << 1 | ((greys[i] & 0xFF) < (greys[i + 1] & 0xFF) ? 1 : 0);
      }
    }
    return new Likeness(hash, greys);
  }

  /** Whether both may be one photograph that was saved again. Flat pictures are like any other. */
  boolean isNear(Likeness other) {
    return Long.bitCount(hash ^ other.hash) <= BITS
        && difference(other) <= GREY
        && !isFlat()
        && !other.isFlat();
  }

  private double difference(Likeness other) {
    int sum = 0;
    for (int i = 0; i < greys.length; i++) {
      sum += Math.abs((greys[i] & 0xFF) - (other.greys[i] & 0xFF));
    }
    return sum / (double) greys.length;
  }

  /** Whether fewer than half of the steps are more than noise. */
  private boolean isFlat() {
    int steps = 0;
    for (int i = 0; i + 1 < greys.length; i++) {
      boolean inRow = i % COLUMNS < COLUMNS - 1;
      steps += inRow && Math.abs((greys[i] & 0xFF) - (greys[i + 1] & 0xFF)) >= FLAT ? 1 : 0;
    }
    return steps < Long.SIZE / 2;
  }
}
