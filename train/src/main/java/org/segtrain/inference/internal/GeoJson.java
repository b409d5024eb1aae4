package org.segtrain.inference.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.LinearRing;
import org.locationtech.jts.geom.Polygon;
import org.locationtech.jts.simplify.TopologyPreservingSimplifier;
import org.segtrain.data.Palette;
import org.segtrain.data.Sample;

/**
 * Regions of a class map as GeoJSON (RFC 7946), a feature each, in pixels from the upper left
 * corner of the image. QuPath and annotation tools read them: {@code properties} has the {@code
 * classification} with name and colour, and the {@code area} in pixels.
 */
public final class GeoJson {

  /** How a file begins that segtrain wrote. */
  private static final byte[] HEAD =
      "{\"type\":\"FeatureCollection\",\"generator\":\"segtrain\"".getBytes(StandardCharsets.UTF_8);

  private static final GeometryFactory GEOMETRY = new GeometryFactory();

  private GeoJson() {}

  /** Whether the file at {@code file} was written by this class. */
  public static boolean isOwn(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return Arrays.equals(HEAD, in.readNBytes(HEAD.length));
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Writes the regions of a class map.
   *
   * @param labels {@code H*W} bytes
   * @param smallest pixels of the regions that are written, at least
   * @param simplify pixels by which outlines may move (Douglas and Peucker 1973); 0 for all corners
   * @param out stays open
   */
  public static void write(
      OutputStream out,
      byte[] labels,
      int width,
      List<String> classes,
      Palette palette,
      int smallest,
      double simplify)
      throws IOException {
    Regions regions = Regions.of(labels, width, labels.length / width);
    try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
      json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      json.writeStartObject();
      json.writeStringField("type", "FeatureCollection");
      json.writeStringField("generator", "segtrain");
      json.writeArrayFieldStart("features");
      for (Rings.Border border : Rings.of(regions, smallest)) {
        if (border.label() == Sample.VOID) {
          continue; // it is no class
        }
        json.writeStartObject();
        json.writeStringField("type", "Feature");
        writeGeometry(json, polygon(border, simplify));
        writeProperties(json, border, classes, palette);
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    }
  }

  /**
   * The polygon of a region. JTS leaves out corners of its rings so that they still do not cross,
   * nor a hole leaves the shell.
   */
  static Polygon polygon(Rings.Border border, double simplify) {
    Polygon exact =
        GEOMETRY.createPolygon(
            ring(border.shell()),
            border.holes().stream().map(GeoJson::ring).toArray(LinearRing[]::new));
    return simplify > 0 ? (Polygon) TopologyPreservingSimplifier.simplify(exact, simplify) : exact;
  }

  private static LinearRing ring(int[] corners) {
    int count = corners.length / 2;
    Coordinate[] points = new Coordinate[count + 1];
    for (int i = 0; i <= count; i++) {
      points[i] = new Coordinate(corners[2 * (i % count)], corners[2 * (i % count) + 1]);
    }
    return GEOMETRY.createLinearRing(points);
  }

  private static void writeGeometry(JsonGenerator json, Polygon polygon) throws IOException {
    json.writeObjectFieldStart("geometry");
    json.writeStringField("type", "Polygon");
    json.writeArrayFieldStart("coordinates");
    writeRing(json, polygon.getExteriorRing());
    for (int i = 0; i < polygon.getNumInteriorRing(); i++) {
      writeRing(json, polygon.getInteriorRingN(i));
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  /** Corners of pixels, which are whole numbers. */
  private static void writeRing(JsonGenerator json, LinearRing ring) throws IOException {
    json.writeStartArray();
    for (Coordinate point : ring.getCoordinates()) {
      json.writeArray(new int[] {(int) point.x, (int) point.y}, 0, 2);
    }
    json.writeEndArray();
  }

  private static void writeProperties(
      JsonGenerator json, Rings.Border border, List<String> classes, Palette palette)
      throws IOException {
    int rgb = palette.rgb(border.label());
    json.writeObjectFieldStart("properties");
    json.writeStringField("objectType", "annotation"); // as QuPath calls it
    json.writeObjectFieldStart("classification");
    json.writeStringField("name", classes.get(border.label()));
    json.writeFieldName("color");
    json.writeArray(new int[] {rgb >> 16, rgb >> 8 & 0xFF, rgb & 0xFF}, 0, 3);
    json.writeEndObject();
    json.writeNumberField("label", border.label());
    json.writeNumberField("area", border.area());
    json.writeEndObject();
  }
}
