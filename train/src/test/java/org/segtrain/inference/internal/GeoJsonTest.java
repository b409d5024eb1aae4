package org.segtrain.inference.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.locationtech.jts.algorithm.locate.IndexedPointInAreaLocator;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Location;
import org.locationtech.jts.geom.Polygon;
import org.segtrain.data.Palette;

final class GeoJsonTest {

  @TempDir Path dir;

  @ParameterizedTest
  @CsvSource({"1, 1, 1, 1", "2, 17, 13, 2", "3, 40, 31, 2", "4, 31, 40, 3", "5, 50, 50, 12"})
  void polygonsCoverThePixelsOfTheirRegionsAndNoOthers(int seed, int width, int height, int k) {
    byte[] labels = random(seed, width * height, k);
    byte[] covered = new byte[labels.length];
    Arrays.fill(covered, (byte) -1);
    for (Rings.Border border : borders(labels, width, 1)) {
      Polygon polygon = GeoJson.polygon(border, 0);
      assertTrue(polygon.isValid(), polygon::toText);
      assertEquals(border.area(), polygon.getArea());
      IndexedPointInAreaLocator inside = new IndexedPointInAreaLocator(polygon);
      for (int i = 0; i < labels.length; i++) {
        int x = i % width;
        int y = i / width;
        Coordinate centre = new Coordinate(x + 0.5, y + 0.5);
        if (inside.locate(centre) == Location.INTERIOR) {
          assertEquals(-1, covered[i], "in two polygons");
          covered[i] = (byte) border.label();
        }
      }
    }
    assertArrayEquals(labels, covered);
  }

  @ParameterizedTest
  @CsvSource({"1, 0.5", "2, 1", "3, 2", "4, 10"})
  void simplerPolygonsAreValid(int seed, double simplify) {
    byte[] labels = random(seed, 60 * 50, 2);
    int before = 0;
    int after = 0;
    for (Rings.Border border : borders(labels, 60, 1)) {
      Polygon polygon = GeoJson.polygon(border, simplify);
      assertTrue(polygon.isValid(), polygon::toText);
      before += GeoJson.polygon(border, 0).getNumPoints();
      after += polygon.getNumPoints();
    }
    assertTrue(after < before, after + " of " + before);
  }

  @Test
  void aSlopeOfStairsBecomesALine() {
    int side = 40;
    byte[] labels = new byte[side * side];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (byte) (i % side > i / side ? 1 : 0);
    }
    for (Rings.Border border : borders(labels, side, 1)) {
      Polygon exact = GeoJson.polygon(border, 0);
      Polygon simple = GeoJson.polygon(border, 1);
      assertTrue(exact.getNumPoints() > 2 * side, exact::toText);
      assertTrue(simple.getNumPoints() <= 6, simple::toText);
      assertTrue(simple.within(exact.buffer(1.001)), simple::toText);
    }
  }

  /** Two pixels that touch by a corner are two regions; a ring that does so is one. */
  @Test
  void regionsMeetByEdges() {
    byte[] corner = {
      1, 0,
      0, 1
    };
    assertEquals(4, borders(corner, 2, 1).size());
    byte[] ring = {
      0, 1, 1, 1,
      1, 1, 0, 1,
      1, 0, 1, 1,
      1, 1, 1, 0
    };
    List<Rings.Border> ones =
        borders(ring, 4, 1).stream().filter(border -> border.label() == 1).toList();
    assertEquals(1, ones.size());
    Polygon polygon = GeoJson.polygon(ones.get(0), 0);
    assertEquals(2, polygon.getNumInteriorRing());
    assertTrue(polygon.isValid(), polygon::toText);
  }

  @Test
  void smallRegionsAreLeftOut() {
    byte[] labels = {0, 0, 0, 1, 1, 2};
    assertEquals(3, borders(labels, 6, 1).size());
    assertEquals(2, borders(labels, 6, 2).size());
    assertEquals(1, borders(labels, 6, 3).size());
    assertEquals(0, borders(labels, 6, 4).size());
  }

  @Test
  void featuresSayClassColourAndArea() throws IOException {
    byte[] labels = {
      1, 1, 1,
      1, 0, 1,
      1, 1, 1
    };
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Palette palette = Palette.of(List.of(0x102030, 0xFF8000));
    GeoJson.write(out, labels, 3, List.of("sky", "road \"A\""), palette, 1, 0);
    JsonNode json = new ObjectMapper().readTree(out.toByteArray());
    assertEquals("FeatureCollection", json.get("type").asText());
    JsonNode road = json.get("features").get(0);
    assertEquals("road \"A\"", road.at("/properties/classification/name").asText());
    assertEquals("[255,128,0]", road.at("/properties/classification/color").toString());
    assertEquals(8, road.at("/properties/area").asInt());
    assertEquals("Polygon", road.at("/geometry/type").asText());
    assertEquals(
        "[[[3,0],[3,3],[0,3],[0,0],[3,0]],[[2,2],[2,1],[1,1],[1,2],[2,2]]]",
        road.at("/geometry/coordinates").toString());
    assertEquals("sky", json.get("features").get(1).at("/properties/classification/name").asText());
    Path file = Files.write(dir.resolve("a.geojson"), out.toByteArray());
    assertTrue(GeoJson.isOwn(file));
    assertFalse(GeoJson.isOwn(Files.writeString(file, "{\"type\":\"FeatureCollection\"}")));
    assertFalse(GeoJson.isOwn(dir.resolve("none")));
  }

  private static Collection<Rings.Border> borders(byte[] labels, int width, int smallest) {
    return new ArrayList<>(Rings.of(Regions.of(labels, width, labels.length / width), smallest));
  }

  private static byte[] random(int seed, int pixels, int classes) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] labels = new byte[pixels];
    for (int i = 0; i < pixels; i++) {
      labels[i] = (byte) random.nextInt(classes);
    }
    return labels;
  }
}
