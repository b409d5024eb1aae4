package org.segtrain.data;

/** Undoes the filters of a PNG's rows (PNG specification, section 9). */
final class PngFilters {

  private static final int NONE = 0;
  private static final int SUB = 1;
  private static final int UP = 2;
  private static final int AVERAGE = 3;
  private static final int PAETH = 4;

  private PngFilters() {}

  /**
   * Undoes them. Says no if there is an unknown one.
   *
   * @param filtered rows, each behind the number of its filter
   * @param row bytes of a row
   * @param step bytes of a pixel
   * @param pixels gets the rows
   */
  static boolean undo(byte[] filtered, int row, int step, byte[] pixels) {
    byte[] above = new byte[row];
    byte[] now = new byte[row];
    int from = 0;
    for (int to = 0; to < pixels.length; to += row) {
      int filter = filtered[from];
      System.arraycopy(filtered, from + 1, now, 0, row);
      switch (filter) {
        case NONE -> {}
        case SUB -> sub(now, step);
        case UP -> up(now, above);
        case AVERAGE -> average(now, above, step);
        case PAETH -> paeth(now, above, step);
        default -> {
          return false;
        }
      }
      System.arraycopy(now, 0, pixels, to, row);
      byte[] next = above;
      above = now;
      now = next;
      from += 1 + row;
    }
    return true;
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
