package org.segtrain.metrics.internal;

import java.util.Arrays;
import org.segtrain.data.Sample;

/**
 * The pixels of a class map that are near a contour of their class: those that an erosion with a
 * square of {@code 2 d + 1} pixels removes. The outside of the image is background, as in the code
 * of the authors of Boundary IoU (arXiv:2103.16562). Void is no background: contours that it covers
 * are unknown, and those of classes on both sides of a void strip are as far away as it is wide.
 *
 * <p>One pass for all classes, of which each pixel costs the same whatever d. A window is of one
 * class if none of its rows has two, and all rows have the same. Rows are given from the first on,
 * and told once the d rows below them are known.
 */
final class BoundaryRegion {

  private static final double OF_DIAGONAL = 0.02;
  private static final int SEVERAL = 256; // classes, or the outside of the image

  private final int width;
  private final int distance;
  private final int[] row;
  private final int[] last; // of each column so far: what is neither void,
  private final int[] lastAt; // where,
  private final int[] otherAt; // and where the last was that differs from it
  private int y;

  /** For maps of that width. */
  BoundaryRegion(int width, int distance) {
    this.width = width;
    this.distance = distance;
    this.row = new int[width];
    this.last = filled(Sample.VOID);
    this.lastAt = filled(-1);
    this.otherAt = filled(-1);
  }

  private int[] filled(int value) {
    int[] columns = new int[width];
    Arrays.fill(columns, value);
    return columns;
  }

  /** 2 % of the diagonal, at least a pixel; rounded as Python does. */
  static int distance(int width, int height) {
    double diagonal = Math.sqrt((double) width * width + (double) height * height);
    return (int) Math.max(1, Math.rint(OF_DIAGONAL * diagonal));
  }

  /**
   * Reads the next row of the map.
   *
   * @param from where {@code map} has its first pixel
   */
  void read(byte[] map, int from) {
    windows(map, from);
    for (int x = 0; x < width; x++) {
      if (row[x] != Sample.VOID) {
        if (row[x] != last[x]) {
          otherAt[x] = lastAt[x];
          last[x] = row[x];
        }
        lastAt[x] = y;
      }
    }
    y++;
  }

  /**
   * Whether a pixel is far from contours, in the row that is {@code d} above the last that was
   * read.
   *
   * @param value its class
   */
  boolean isInside(int x, int value) {
    int middle = y - 1 - distance;
    return middle >= distance && otherAt[x] < middle - distance && last[x] == value;
  }

  /** The class of the window around each pixel of a row, {@link #SEVERAL}, or void if it is all. */
  private void windows(byte[] map, int from) {
    Arrays.fill(row, SEVERAL); // also where the window reaches outside
    int last = Sample.VOID;
    int lastAt = -1;
    int otherAt = -1;
    for (int x = 0; x < width; x++) {
      int value = map[from + x] & 0xFF;
      if (value != Sample.VOID) {
        if (value != last) {
          otherAt = lastAt;
          last = value;
        }
        lastAt = x;
      }
      int middle = x - distance;
      if (middle >= distance && otherAt < middle - distance) {
        row[middle] = lastAt < middle - distance ? Sample.VOID : last;
      }
    }
  }
}
