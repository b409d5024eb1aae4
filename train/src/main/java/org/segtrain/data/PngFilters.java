package org.segtrain.data;

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
    byte[] above = to == 0 ? new byte[row] : pixels;
    int aboveAt = Math.max(0, to - row);
    switch (filter) {
      case SUB -> sub(from, to);
      case UP -> up(from, to, above, aboveAt);
      case AVERAGE -> average(from, to, above, aboveAt);
      case PAETH -> paeth(from, to, above, aboveAt);
      default -> System.arraycopy(filtered, from, pixels, to, row);
    }
  }

  private void sub(int from, int to) {
    System.arraycopy(filtered, from, pixels, to, step);
    for (int i = step; i < row; i++) {
      pixels[to + i] = (byte) (filtered[from + i] + pixels[to + i - step]);
    }
  }

  private void up(int from, int to, byte[] above, int aboveAt) {
    for (int i = 0; i < row; i++) {
      pixels[to + i] = (byte) (filtered[from + i] + above[aboveAt + i]);
    }
  }

  private void average(int from, int to, byte[] above, int aboveAt) {
    for (int i = 0; i < row; i++) {
      int left = i < step ? 0 : pixels[to + i - step] & 0xFF;
      int both = left + (above[aboveAt + i] & 0xFF);
      pixels[to + i] = (byte) (filtered[from + i] + both / 2);
    }
  }

  private void paeth(int from, int to, byte[] above, int aboveAt) {
    for (int i = 0; i < step; i++) {
      pixels[to + i] = (byte) (filtered[from + i] + above[aboveAt + i]);
    }
    for (int i = step; i < row; i++) {
      int left = pixels[to + i - step] & 0xFF;
      int up = above[aboveAt + i] & 0xFF;
      int corner = above[aboveAt + i - step] & 0xFF;
      pixels[to + i] = (byte) (filtered[from + i] + nearest(left, up, corner));
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
