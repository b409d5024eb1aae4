package org.segtrain.data;

import java.util.Arrays;

/** Undoes the filters of a PNG's rows (PNG specification, section 9). */
final class PngFilters {

  private static final int NONE = 0;
  private static final int SUB = 1;
  private static final int UP = 2;
  private static final int AVERAGE = 3;
  private static final int PAETH = 4;

  private final byte[] filtered;
  private final byte[] pixels;
  private final int row;
  private final int step;

  private PngFilters(byte[] filtered, int row, int step, byte[] pixels) {
    this.filtered = filtered;
    this.row = row;
    this.step = step;
    this.pixels = pixels;
  }

  /**
   * Undoes them. Says no if there is an unknown one.
   *
   * @param filtered rows, each behind the number of its filter
   * @param row bytes of a row
   * @param step bytes of a pixel
   * @param pixels gets the rows
   */
  static boolean undo(byte[] filtered, int row, int step, byte[] pixels) {
    PngFilters filters = new PngFilters(filtered, row, step, pixels);
    int from = 0;
    for (int to = 0; to < pixels.length; to += row) {
      int filter = filtered[from];
      if (filter < NONE || filter > PAETH) {
        return false;
      }
      filters.undo(filter, from + 1, to);
      from += 1 + row;
    }
    return true;
  }

  /** Undoes that of the row that begins at {@code from} and gets to {@code to}. */
  private void undo(int filter, int from, int to) {
    byte[] above = to == 0 ? new byte[row] : Arrays.copyOfRange(pixels, to - row, to);
    byte[] now = Arrays.copyOfRange(filtered, from, from + row);
    switch (filter) {
      case SUB -> sub(now, step);
      case UP -> up(now, above);
      case AVERAGE -> average(now, above, step);
      case PAETH -> paeth(now, above, step);
      default -> {}
    }
    System.arraycopy(now, 0, pixels, to, row);
  }

  private static void up(byte[] now, byte[] above) {
    for (int i = 0; i < now.length; i++) {
      now[i] += above[i];
    }
  }

  /** Goes by channels, so that what is to the left stays in a register; so do the others. */
  private static void sub(byte[] now, int step) {
    for (int channel = 0; channel < step; channel++) {
      byte left = 0;
      for (int i = channel; i < now.length; i += step) {
        left += now[i];
        now[i] = left;
      }
    }
  }

  private static void average(byte[] now, byte[] above, int step) {
    for (int channel = 0; channel < step; channel++) {
      int left = 0;
      for (int i = channel; i < now.length; i += step) {
        left = (now[i] + (left + (above[i] & 0xFF)) / 2) & 0xFF;
        now[i] = (byte) left;
      }
    }
  }

  private static void paeth(byte[] now, byte[] above, int step) {
    for (int channel = 0; channel < step; channel++) {
      int left = 0;
      int corner = 0;
      for (int i = channel; i < now.length; i += step) {
        int up = above[i] & 0xFF;
        int near = up == corner ? left : left == corner ? up : nearest(left, up, corner);
        left = (now[i] + near) & 0xFF;
        now[i] = (byte) left;
        corner = up;
      }
    }
  }

  /** The one of the three that is nearest to {@code left + up - corner}. */
  private static int nearest(int left, int up, int corner) {
    int toLeft = Math.abs(up - corner);
    int toUp = Math.abs(left - corner);
    int toCorner = Math.abs(left + up - 2 * corner);
    if (toLeft <= toUp && toLeft <= toCorner) {
      return left;
    }
    return toUp <= toCorner ? up : corner;
  }
}
