package org.segtrain.data;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.util.stream.IntStream;

/** A decoded image that is nothing but its bytes: one or three a pixel, row by row, red first. */
final class PlainImage extends BufferedImage {

  private static final ColorModel RGB = colours(ColorSpace.CS_sRGB);
  private static final ColorModel GREY = colours(ColorSpace.CS_GRAY);

  private final byte[] bytes;

  /**
   * An image of these bytes, which nobody else keeps.
   *
   * @param colours what they mean
   */
  PlainImage(int width, int height, byte[] bytes, ColorModel colours) {
    super(colours, raster(width, height, bytes), false, null);
    this.bytes = bytes;
  }

  static PlainImage ofRgb(int width, int height, byte[] bytes) {
    return new PlainImage(width, height, bytes, RGB);
  }

  static PlainImage ofGrey(int width, int height, byte[] bytes) {
    return new PlainImage(width, height, bytes, GREY);
  }

  private static ColorModel colours(int space) {
    return new ComponentColorModel(
        ColorSpace.getInstance(space), false, false, OPAQUE, DataBuffer.TYPE_BYTE);
  }

  private static WritableRaster raster(int width, int height, byte[] bytes) {
    int bands = bytes.length / (width * height);
    return Raster.createInterleavedRaster(
        new DataBufferByte(bytes, bytes.length),
        width,
        height,
        bands * width,
        bands,
        IntStream.range(0, bands).toArray(),
        null);
  }

  /** Its pixels themselves, no copy. */
  byte[] bytes() {
    return bytes;
  }

  /** Whether it has red, green and blue. */
  boolean isRgb() {
    return getRaster().getNumBands() == 3;
  }
}
