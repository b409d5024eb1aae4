package org.segtrain.data;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.segtrain.data.internal.MaskFacts;
import org.segtrain.data.internal.PhotographFacts;

/** Reads the facts of files. */
final class FileFacts {

  /** Cells of the grid over a photograph: one more in a row than a row has bits of a hash. */
  private static final int COLUMNS = 9;

  private static final int ROWS = 8;
  private static final HexFormat HEX = HexFormat.of();

  private FileFacts() {}

  static PhotographFacts ofPhotograph(Path file) {
    byte[] bytes = ImageFiles.bytes(file);
    Picture picture = ImageFiles.readRgb(file, bytes);
    return new PhotographFacts(
        picture.width(),
        picture.height(),
        Orientation.of(bytes).number(),
        sum(picture.width(), picture.height(), picture.rgb()),
        HEX.formatHex(greys(picture)));
  }

  static MaskFacts ofMask(Path file) {
    byte[] bytes = ImageFiles.bytes(file);
    return ColourRule.isTrueColour(file, bytes) ? ofColours(file, bytes) : ofValues(file, bytes);
  }

  private static MaskFacts ofColours(Path file, byte[] bytes) {
    Picture mask = ColourRule.read(file, bytes);
    Map<Integer, Long> pixels = new LinkedHashMap<>();
    for (int i = 0; i < mask.width() * mask.height(); i++) {
      int colour = ColourRule.colour(mask, i);
      if (pixels.size() < MaskFacts.MOST || pixels.containsKey(colour)) {
        pixels.merge(colour, 1L, Long::sum);
      }
    }
    String sum = sum(mask.width(), mask.height(), mask.rgb());
    return new MaskFacts(mask.width(), mask.height(), true, pixels, Map.of(), sum);
  }

  private static MaskFacts ofValues(Path file, byte[] bytes) {
    BufferedImage image = ImageFiles.maskImage(file, bytes);
    LabelMap mask = ImageFiles.labels(file, image);
    int most = 0;
    for (int value : mask.values()) {
      most = Math.max(most, value);
    }
    long[] counts = new long[most + 1];
    ByteBuffer stored = ByteBuffer.allocate(Short.BYTES * mask.values().length);
    for (int value : mask.values()) {
      counts[value]++;
      stored.putShort((short) value);
    }
    Map<Integer, Long> pixels = new LinkedHashMap<>();
    Map<Integer, Integer> palette = new LinkedHashMap<>();
    for (int value = 0; value <= most; value++) {
      if (counts[value] > 0) {
        pixels.put(value, counts[value]);
        if (image.getColorModel() instanceof IndexColorModel colours) {
          palette.put(value, colours.getRGB(value) & 0xFFFFFF);
        }
      }
    }
    String sum = sum(mask.width(), mask.height(), stored.array());
    return new MaskFacts(mask.width(), mask.height(), false, pixels, palette, sum);
  }

  private static String sum(int width, int height, byte[] pixels) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(ByteBuffer.allocate(2 * Integer.BYTES).putInt(width).putInt(height).flip());
      return HEX.formatHex(digest.digest(pixels));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Mean brightness (ITU-R BT.601) of each cell; pixels at its edge count by their part in it. */
  private static byte[] greys(Picture picture) {
    byte[] greys = new byte[COLUMNS * ROWS];
    for (int cell = 0; cell < greys.length; cell++) {
      Span across = Span.of(cell % COLUMNS, COLUMNS, picture.width());
      Span down = Span.of(cell / COLUMNS, ROWS, picture.height());
      greys[cell] = (byte) Math.round(grey(picture, across, down));
    }
    return greys;
  }

  /** A part of a row or a column, from edge to edge. */
  private record Span(double from, double to) {

    static Span of(int part, int parts, int pixels) {
      return new Span(part * (double) pixels / parts, (part + 1) * (double) pixels / parts);
    }

    int first() {
      return (int) from;
    }

    int end() {
      return (int) Math.ceil(to);
    }

    /** How much of a pixel is in it, 0-1. */
    double covers(int pixel) {
      return Math.max(0, Math.min(pixel + 1, to) - Math.max(pixel, from));
    }
  }

  private static double grey(Picture picture, Span across, Span down) {
    byte[] rgb = picture.rgb();
    double sum = 0;
    for (int y = down.first(); y < Math.min(down.end(), picture.height()); y++) {
      double row = 0;
      for (int x = across.first(); x < Math.min(across.end(), picture.width()); x++) {
        int i = 3 * (y * picture.width() + x);
        int grey = 299 * (rgb[i] & 0xFF) + 587 * (rgb[i + 1] & 0xFF) + 114 * (rgb[i + 2] & 0xFF);
        row += across.covers(x) * grey;
      }
      sum += down.covers(y) * row;
    }
    return sum / (1000 * (across.to() - across.from()) * (down.to() - down.from()));
  }
}
