package org.segtrain.inference.internal;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The borders of the regions of a class map, along the edges of pixels. Where two pixels of a
 * region touch by a corner alone, the border passes between the other two. So no ring meets itself:
 * it touches a hole there, as polygons may.
 */
final class Rings {

  private static final int[] DX = {1, 0, -1, 0}; // right, down, left, up
  private static final int[] DY = {0, 1, 0, -1};

  /**
   * The borders of a region: rings of corners {@code x0, y0, x1, y1, ...}, in which the first does
   * not come again. The region is on the right.
   *
   * @param label its class
   * @param area pixels
   * @param shell around all of it
   * @param holes around what it surrounds
   */
  @SuppressWarnings("ArrayRecordComponent") // corners are handed on, never compared
  record Border(int label, int area, int[] shell, List<int[]> holes) {}

  private final Regions regions;
  private final BitSet seen; // upper edges of pixels that are part of a ring

  private Rings(Regions regions) {
    this.regions = regions;
    this.seen = new BitSet(Math.multiplyExact(regions.width(), regions.height()));
  }

  /**
   * Those of regions of at least {@code smallest} pixels, in the order of their first pixels, row
   * by row.
   */
  static Collection<Border> of(Regions regions, int smallest) {
    Rings rings = new Rings(regions);
    Map<Integer, Border> borders = new LinkedHashMap<>();
    for (int y = 0; y < regions.height(); y++) {
      for (int run = regions.firstRun(y); run < regions.firstRun(y + 1); run++) {
        int region = regions.region(run);
        if (regions.area(region) >= smallest) {
          rings.addAlong(run, y, region, borders);
        }
      }
    }
    return borders.values();
  }

  /** Adds the rings that have an upper edge of the run and are not there yet. */
  private void addAlong(int run, int y, int region, Map<Integer, Border> borders) {
    int start = regions.start(run);
    int label = regions.label(start, y);
    for (int x = start; x < regions.end(run, y); x++) {
      if (regions.label(x, y - 1) != label && !seen.get(y * regions.width() + x)) {
        int[] ring = follow(x, y, label, region);
        Border border = borders.get(region);
        if (border == null) { // the first that is met from above is around all of it
          borders.put(region, new Border(label, regions.area(region), ring, new ArrayList<>()));
        } else {
          border.holes().add(ring);
        }
      }
    }
  }

  /** The ring that goes right along the upper edge of a pixel, which begins in a corner there. */
  private int[] follow(int left, int top, int label, int region) {
    IntStream.Builder corners = IntStream.builder();
    int x = left;
    int y = top;
    int direction = 0;
    do {
      if (direction == 0) {
        seen.set(y * regions.width() + x);
      }
      x += DX[direction];
      y += DY[direction];
      int turn = turn(x, y, direction, label, region);
      if (turn != 0) {
        corners.add(x).add(y);
        direction = (direction + turn) & 3;
      }
    } while (x != left || y != top || direction != 0);
    return corners.build().toArray();
  }

  /** 1 to the right, -1 to the left, 0 straight on. */
  private int turn(int x, int y, int direction, int label, int region) {
    if (isAhead(x, y, direction, 1, label)) {
      return isAhead(x, y, direction, -1, label) ? -1 : 0;
    }
    boolean isCorner = // of the same region, which touches itself here
        isAhead(x, y, direction, -1, label)
            && regions.region(column(x, direction, -1), row(y, direction, -1)) == region;
    return isCorner ? -1 : 1;
  }

  /**
   * Whether the pixel ahead of a corner has that class.
   *
   * @param side 1 for the one on the right, -1 for that on the left
   */
  private boolean isAhead(int x, int y, int direction, int side, int label) {
    return regions.label(column(x, direction, side), row(y, direction, side)) == label;
  }

  private static int column(int x, int direction, int side) {
    int across = DX[(direction + side) & 3];
    return x + Math.min(0, DX[direction] + across);
  }

  private static int row(int y, int direction, int side) {
    int across = DY[(direction + side) & 3];
    return y + Math.min(0, DY[direction] + across);
  }
}
