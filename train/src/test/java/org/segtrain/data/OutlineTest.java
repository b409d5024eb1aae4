package org.segtrain.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class OutlineTest {

  private static final Point CENTRE = new Point(50, 50);
  private static final List<Point> ARROW =
      List.of(new Point(20, 20), new Point(80, 50), new Point(20, 80), new Point(40, 50));

  static Stream<Outline> outlines() {
    return Stream.of(
        new Outline.Disk(CENTRE, 20),
        new Outline.Ring(CENTRE, 20, 6),
        new Outline.Lump(CENTRE, 25, 0.15, -0.15, 0.1, 0.15),
        new Outline.Polygon(CENTRE, ARROW),
        new Outline.Stroke(CENTRE, ARROW, 2),
        new Outline.Horizon(CENTRE, 0.3, 5, 60));
  }

  /** The change from pixel to pixel, which anti-aliasing needs to be one per pixel. */
  @ParameterizedTest
  @MethodSource("outlines")
  void nearTheBorderTheDistanceGrowsOnePerPixel(Outline outline) {
    int seen = 0;
    for (double y = 0.5; y < 100; y++) {
      for (double x = 0.5; x < 100; x++) {
        if (Math.abs(outline.distance(x, y)) < 0.3) {
          double right = outline.distance(x + 0.01, y) - outline.distance(x - 0.01, y);
          double down = outline.distance(x, y + 0.01) - outline.distance(x, y - 0.01);
          assertEquals(1, Math.hypot(right, down) / 0.02, 0.15, outline + " at " + x + ", " + y);
          seen++;
        }
      }
    }
    assertTrue(seen > 20, "border pixels seen: " + seen);
  }

  @ParameterizedTest
  @MethodSource("outlines")
  void nothingIsInsideBeyondTheReach(Outline outline) {
    for (double y = 0.5; y < 100; y++) {
      for (double x = 0.5; x < 100; x++) {
        assertTrue(
            outline.distance(x, y) > 0 || CENTRE.distance(x, y) <= outline.reach(),
            outline + " at " + x + ", " + y);
      }
    }
  }

  @Test
  void aDiskCoversItsArea() {
    assertEquals(Math.PI * 20 * 20, inside(new Outline.Disk(CENTRE, 20)), 15);
  }

  @Test
  void aPolygonMayBeHollowOnOneSide() {
    assertEquals(1200, inside(new Outline.Polygon(CENTRE, ARROW)), 40);
    assertTrue(new Outline.Polygon(CENTRE, ARROW).distance(25, 50) > 0);
  }

  private static int inside(Outline outline) {
    int pixels = 0;
    for (double y = 0.5; y < 100; y++) {
      for (double x = 0.5; x < 100; x++) {
        pixels += outline.distance(x, y) < 0 ? 1 : 0;
      }
    }
    return pixels;
  }
}
