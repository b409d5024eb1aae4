package org.segtrain.serving;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Writes masks as PNG of one byte a pixel, the class number, shown in the class's colour. */
final class MaskPng {

  private static final int COLOURS = 256;

  private final IndexColorModel colours;

  /**
   * A writer.
   *
   * @param palette a colour for each class, {@code "800000,008000"}; further ones are shown in grey
   */
  MaskPng(String palette) {
    int[] rgb = new int[COLOURS];
    for (int i = 0; i < COLOURS; i++) {
      rgb[i] = i << 16 | i << 8 | i;
    }
    int[] given =
        Stream.of(palette.split(","))
            .filter(colour -> !colour.isBlank())
            .mapToInt(colour -> parse(colour.strip()))
            .toArray();
    if (given.length > COLOURS) {
      throw new IllegalArgumentException(
          "palette has %d colours, but a mask has %d classes at most; leave out the last ones"
              .formatted(given.length, COLOURS));
    }
    System.arraycopy(given, 0, rgb, 0, given.length);
    colours = new IndexColorModel(8, COLOURS, rgb, 0, false, -1, DataBuffer.TYPE_BYTE);
  }

  private static int parse(String colour) {
    if (!colour.matches("#?[0-9a-fA-F]{6}")) {
      throw new IllegalArgumentException(
          "palette has the colour \"%s\"; write six hexadecimal digits, red first, such as 800000"
              .formatted(colour));
    }
    return Integer.parseInt(colour.replace("#", ""), 16);
  }

  byte[] of(int[][] mask) {
    int height = mask.length;
    int width = mask[0].length;
    BufferedImage image =
        new BufferedImage(width, height, BufferedImage.TYPE_BYTE_INDEXED, colours);
    for (int y = 0; y < height; y++) {
      image.getRaster().setSamples(0, y, width, 1, 0, mask[y]);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) { // no file between
      ImageIO.write(image, "png", out);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot encode a mask as PNG", e);
    }
    return bytes.toByteArray();
  }
}
