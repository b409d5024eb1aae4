package org.segtrain.serving;

import org.segtrain.images.PixelSize;

/** Nearest-neighbour resizing: each pixel takes the value of the one whose centre is nearest. */
final class Nearest {

  private final int[] columns;
  private final int[] rows;
  private final int width;

  /**
   * From one size to another.
   *
   * @param width of the map, of which {@code from} is the top left part
   */
  Nearest(int width, PixelSize from, PixelSize to) {
    this.width = width;
    columns = nearest(from.width(), to.width());
    rows = nearest(from.height(), to.height());
  }

  /** Rows of a map of unsigned bytes. */
  int[][] enlarged(byte[] values) {
    int[][] result = new int[rows.length][columns.length];
    for (int y = 0; y < rows.length; y++) {
      for (int x = 0; x < columns.length; x++) {
        result[y][x] = Byte.toUnsignedInt(values[rows[y] * width + columns[x]]);
      }
    }
    return result;
  }

  /** Rows of a map of numbers. */
  float[][] enlarged(float[] values) {
    float[][] result = new float[rows.length][columns.length];
    for (int y = 0; y < rows.length; y++) {
      for (int x = 0; x < columns.length; x++) {
        result[y][x] = values[rows[y] * width + columns[x]];
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
