package org.segtrain.metrics.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.segtrain.data.Sample;
import org.segtrain.metrics.ClassCounts;

/** Of maps drawn as text: a digit is a class, a dot void. */
final class BoundaryRegionTest {

  private final SplittableRandom random = new SplittableRandom(3);

  @Test
  void aSquareKeepsItsRingAndTheImageItsEdge() {
    String[] map = {
      "0000000", //
      "0111110", "0111110", "0111110", "0111110", "0111110", "0000000"
    };
    String[] one = {
      "0000000", //
      "0111110", "01...10", "01...10", "01...10", "0111110", "0000000"
    };
    String[] two = {
      "0000000", //
      "0111110", "0111110", "011.110", "0111110", "0111110", "0000000"
    };
    assertArrayEquals(bytes(one), region(bytes(map), 7, 1));
    assertArrayEquals(bytes(two), region(bytes(map), 7, 2));
    assertArrayEquals(bytes(map), region(bytes(map), 7, 3));
  }

  /** The contour in a void strip is unknown, but there is one if the classes beside it differ. */
  @Test
  void voidIsNoBackgroundButIsSeenThrough() {
    String[] map = {"00000.....", "00000.1111", "00000.1111", "00000.1111", "00000....."};
    String[] two = {"00000.....", "00000.1111", "00..0.1.11", "00000.1111", "00000....."};
    assertArrayEquals(bytes(two), region(bytes(map), 10, 2));
    String[] one = {"00000.....", "0........1", "0........1", "0........1", "00000....."};
    assertArrayEquals(bytes(one), region(bytes(map), 10, 1));
  }

  @Test
  void equalsTheErosionOfEachClassOnRandomMaps() {
    for (int i = 0; i < 300; i++) {
      int width = random.nextInt(1, 25);
      int height = random.nextInt(1, 25);
      int distance = random.nextInt(1, 7);
      byte[] map = blocks(width, height, random.nextInt(1, 5));
      byte[] found = region(map, width, distance);
      assertEquals(naive(map, width, height, distance), text(found));
    }
  }

  @Test
  void distancesAreThoseOfTheAuthorsCode() {
    assertEquals(12, BoundaryRegion.distance(480, 360)); // of 600
    assertEquals(46, BoundaryRegion.distance(2048, 1024)); // of 2289.7
    assertEquals(1, BoundaryRegion.distance(10, 10));
    assertEquals(2, BoundaryRegion.distance(75, 100)); // 2.5, as Python rounds it
  }

  /** Rings of 14 pixels, one beside the other, have the middles of two sides in common. */
  @Test
  void countsRegionsOfBothAndOfEach() {
    String[] labels = {"00000000", "01111100", "01111100", "01111100", "01111100", "00000000"};
    String[] shifted = {"00000000", "00111110", "00111110", "00111110", "00111110", "00000000"};
    BoundaryCounts counts = new BoundaryCounts(2);
    counts.add(bytes(shifted), bytes(labels), 8, 6);
    List<ClassCounts> found = counts.counts();
    assertEquals(new ClassCounts(1, 14, 14, 8), found.get(1));
    counts.add(bytes(shifted), bytes(labels), 8, 6);
    assertEquals(new ClassCounts(1, 28, 28, 16), counts.counts().get(1));
  }

  @Test
  void whatIsPredictedWhereNothingIsLabelledDoesNotCount() {
    String[] labels = {"00000", "00..1", "00..1", "00000"};
    String[] same = {"00000", "00111", "00001", "00000"};
    BoundaryCounts counts = new BoundaryCounts(2);
    counts.add(bytes(same), bytes(labels), 5, 4);
    for (ClassCounts count : counts.counts()) {
      assertEquals(1, count.iou());
    }
    assertEquals(2, counts.counts().get(1).both());
  }

  /** {@code map} where it is in the region, void elsewhere. */
  private static byte[] region(byte[] map, int width, int distance) {
    BoundaryRegion region = new BoundaryRegion(width, distance);
    byte[] near = map.clone();
    for (int y = 0; y < map.length / width; y++) {
      region.read(map, y * width);
      for (int x = 0; x < width && y >= distance; x++) {
        int i = (y - distance) * width + x;
        near[i] = region.isInside(x, map[i] & 0xFF) ? (byte) Sample.VOID : map[i];
      }
    }
    return near;
  }

  private byte[] blocks(int width, int height, int side) {
    byte[] map = new byte[width * height];
    byte[] cells = new byte[width * height];
    for (int i = 0; i < cells.length; i++) {
      int value = random.nextInt(8);
      cells[i] = (byte) (value == 0 ? Sample.VOID : value < 6 ? 0 : value - 5);
    }
    for (int i = 0; i < map.length; i++) {
      map[i] = cells[i / width / side * width + i % width / side];
    }
    return map;
  }

  /** A pixel is near if one of another class, or outside, is at most {@code d} away each way. */
  private static String naive(byte[] map, int width, int height, int d) {
    byte[] region = new byte[map.length];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        byte own = map[y * width + x];
        boolean near = false;
        for (int v = y - d; v <= y + d; v++) {
          for (int u = x - d; u <= x + d; u++) {
            boolean outside = v < 0 || u < 0 || v >= height || u >= width;
            near |=
                outside || (map[v * width + u] != own && map[v * width + u] != (byte) Sample.VOID);
          }
        }
        region[y * width + x] = near ? own : (byte) Sample.VOID;
      }
    }
    return text(region);
  }

  private static byte[] bytes(String... rows) {
    String all = String.join("", rows);
    byte[] map = new byte[all.length()];
    for (int i = 0; i < map.length; i++) {
      map[i] = (byte) (all.charAt(i) == '.' ? Sample.VOID : all.charAt(i) - '0');
    }
    return map;
  }

  private static String text(byte[] map) {
    StringBuilder text = new StringBuilder();
    for (byte value : map) {
      text.append(value == (byte) Sample.VOID ? "." : value);
    }
    return text.toString();
  }
}
