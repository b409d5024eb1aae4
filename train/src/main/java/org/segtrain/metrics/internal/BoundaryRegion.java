package org.segtrain.metrics.internal;

import java.util.Arrays;
import org.segtrain.data.Sample;

/**
 * The pixels of a class map that are near a contour of their class: what its erosion with a square
 * of {@code 2 d + 1} pixels takes away, where the outside of the image is background, as in the
 * code of the authors of Boundary IoU (arXiv:2103.16562). Void is no background: contours that it
 * covers are unknown, and those of classes on both sides of a void strip are as far away as it is
 * wide.
 *
 * <p>One pass for all classes, of which each pixel costs the same whatever d. A window is of one
 * class if none of its rows has two, and all rows have the same.
 */
final class BoundaryRegion {

  private static final double OF_DIAGONAL = 0.02;
  private static final int SEVERAL = 256; // classes, or the outside of the image

  private final int width;
  private final int height;
  private final int distance;

  /** For maps of that size. */
  BoundaryRegion(int width, int height) {
    this(width, height, distance(width, height));
  }

  BoundaryRegion(int width, int height, int distance) {
    this.width = width;
    this.height = height;
    this.distance = distance;
  }

  /** 2 % of the diagonal, at least a pixel; rounded as Python does. */
  static int distance(int width, int height) {
    double diagonal = Math.sqrt((double) width * width + (double) height * height);
    return (int) Math.max(1, Math.rint(OF_DIAGONAL * diagonal));
  }

  /** {@code map} where it is in the region, void elsewhere. {@code H*W} bytes. */
  byte[] of(byte[] map) {
    byte[] region = map.clone();
    int[] row = new int[width];
    int[] last = new int[width]; // of each column so far: what is neither void,
    int[] lastAt = new int[width]; // where,
    int[] otherAt = new int[width]; // and where the last was that differs from it
    Arrays.fill(last, Sample.VOID);
    Arrays.fill(lastAt, -1);
    Arrays.fill(otherAt, -1);
    for (int y = 0; y < height; y++) {
      windows(map, y * width, row);
      for (int x = 0; x < width; x++) {
        if (row[x] != Sample.VOID) {
          if (row[x] != last[x]) {
            otherAt[x] = lastAt[x];
            last[x] = row[x];
          }
          lastAt[x] = y;
        }
      }
      int middle = y - distance;
      if (middle >= distance) {
        for (int x = 0; x < width; x++) {
          int i = middle * width + x;
          if (otherAt[x] < middle - distance && last[x] == (map[i] & 0xFF)) {
            region[i] = (byte) Sample.VOID;
          }
        }
      }
    }
    return region;
  }

  /** The class of the window around each pixel of a row, {@link #SEVERAL}, or void if it is all. */
  private void windows(byte[] map, int from, int[] row) {
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
