package org.segtrain.serving;

/** Nearest-neighbour resizing of a map of bytes. */
final class Nearest {

  private Nearest() {}

  /** Rows of unsigned values, each that of the pixel whose centre is nearest. */
  static int[][] enlarged(byte[] values, PixelSize from, PixelSize to) {
    int[] columns = nearest(from.width(), to.width());
    int[] rows = nearest(from.height(), to.height());
    int[][] result = new int[to.height()][to.width()];
    for (int y = 0; y < to.height(); y++) {
      int start = rows[y] * from.width();
      for (int x = 0; x < to.width(); x++) {
        result[y][x] = Byte.toUnsignedInt(values[start + columns[x]]);
      }
    }
    return result;
  }

  /** For each of {@code to} places along an edge the nearest of {@code from}. */
  private static int[] nearest(int from, int to) {
    int[] places = new int[to];
    for (int i = 0; i < to; i++) {
      places[i] = (int) ((2L * i + 1) * from / (2L * to));
    }
    return places;
  }
}
