package org.segtrain.inference.internal;

import java.util.Arrays;

/**
 * The regions of a class map: pixels of one class that are joined by their edges. Kept as runs of
 * rows, since a map has far fewer of them than pixels; runs that touch are one region (union-find).
 */
final class Regions {

  private final byte[] labels;
  private final int width;
  private final int height;
  private final int[] rows; // the first run of each row, and the end
  private int[] starts = new int[1 << 10]; // the first column of each run
  private int[] parents = new int[1 << 10]; // an earlier run of the same region, or itself
  private int[] areas; // of the region whose first run it is, pixels

  private Regions(byte[] labels, int width, int height) {
    this.labels = labels;
    this.width = width;
    this.height = height;
    this.rows = new int[height + 1];
  }

  /**
   * Finds them.
   *
   * @param labels {@code H*W} bytes
   */
  static Regions of(byte[] labels, int width, int height) {
    Regions regions = new Regions(labels, width, height);
    for (int y = 0; y < height; y++) {
      regions.addRow(y);
      if (y > 0) {
        regions.join(y);
      }
    }
    regions.measure();
    return regions;
  }

  private void addRow(int y) {
    int count = rows[y];
    for (int x = 0; x < width; x++) {
      if (x == 0 || labels[y * width + x] != labels[y * width + x - 1]) {
        if (count == starts.length) {
          starts = Arrays.copyOf(starts, 2 * count);
          parents = Arrays.copyOf(parents, 2 * count);
        }
        starts[count] = x;
        parents[count] = count;
        count++;
      }
    }
    rows[y + 1] = count;
  }

  /** Joins the runs of a row with those above that they touch. */
  private void join(int y) {
    int above = rows[y - 1];
    int below = rows[y];
    while (above < rows[y] && below < rows[y + 1]) {
      if (labelOf(above, y - 1) == labelOf(below, y)) {
        unite(above, below);
      }
      int endAbove = end(above, y - 1);
      int endBelow = end(below, y);
      above += endAbove <= endBelow ? 1 : 0;
      below += endBelow <= endAbove ? 1 : 0;
    }
  }

  private void unite(int one, int other) {
    int a = find(one);
    int b = find(other);
    parents[Math.max(a, b)] = Math.min(a, b);
  }

  private int find(int run) {
    int root = run;
    while (parents[root] != root) {
      parents[root] = parents[parents[root]];
      root = parents[root];
    }
    return root;
  }

  private void measure() {
    areas = new int[rows[height]];
    for (int y = 0; y < height; y++) {
      for (int run = rows[y]; run < rows[y + 1]; run++) {
        areas[find(run)] += end(run, y) - starts[run];
      }
    }
  }

  private byte labelOf(int run, int y) {
    return labels[y * width + starts[run]];
  }

  int width() {
    return width;
  }

  int height() {
    return height;
  }

  /** The class of a pixel, or -1 outside of the map. */
  int label(int x, int y) {
    boolean isInside = x >= 0 && y >= 0 && x < width && y < height;
    return isInside ? labels[y * width + x] & 0xFF : -1;
  }

  /** The first run of a row. */
  int firstRun(int y) {
    return rows[y];
  }

  /** The column where a run begins. */
  int start(int run) {
    return starts[run];
  }

  /** The column behind a run of row {@code y}. */
  int end(int run, int y) {
    return run + 1 < rows[y + 1] ? starts[run + 1] : width;
  }

  /** The region of a run, a number. */
  int region(int run) {
    return find(run);
  }

  /** The region of a pixel. */
  int region(int x, int y) {
    int run = Arrays.binarySearch(starts, rows[y], rows[y + 1], x);
    return find(run >= 0 ? run : -run - 2);
  }

  /** Pixels of a region. */
  int area(int region) {
    return areas[region];
  }
}
