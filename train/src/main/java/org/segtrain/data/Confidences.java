package org.segtrain.data;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.DataBufferUShort;
import java.awt.image.Raster;
import org.segtrain.names.Choice;

/**
 * How sure a model is of the class that it chose for each pixel: the probability of that class,
 * 0-1. It is rounded to a whole number of 8 or 16 bits, so a large image takes one or two bytes a
 * pixel. One thread at a time may fill it.
 */
public final class Confidences {

  /** How finely probabilities are kept. */
  public enum Depth {
    /** As p * 255. */
    EIGHT(8),
    /** As p * 65535. */
    SIXTEEN(16);

    private final int bits;

    Depth(int bits) {
      this.bits = bits;
    }

    /** The number that stands for the probability 1. */
    public int largest() {
      return (1 << bits) - 1;
    }

    /** The name at every border, {@code 16}. */
    @Override
    public String toString() {
      return String.valueOf(bits);
    }

    /**
     * The depth of that name.
     *
     * @throws org.segtrain.errors.UsageException if there is none, naming the known ones
     */
    public static Depth of(String name) {
      return Choice.of("probabilities", values(), name);
    }
  }

  private final int width;
  private final int height;
  private final Depth depth;
  private final byte[] bytes; // of 8 bits
  private final short[] shorts; // of 16 bits

  /** Probabilities of an image of that size, all of them 0. */
  public Confidences(int width, int height, Depth depth) {
    this.width = width;
    this.height = height;
    this.depth = depth;
    int pixels = Math.multiplyExact(width, height);
    this.bytes = new byte[depth == Depth.EIGHT ? pixels : 0];
    this.shorts = new short[depth == Depth.SIXTEEN ? pixels : 0];
  }

  /** Pixels. */
  public int width() {
    return width;
  }

  /** Pixels. */
  public int height() {
    return height;
  }

  /** How finely they are kept. */
  public Depth depth() {
    return depth;
  }

  /** The probability of the class of a pixel, 0-1. */
  public double at(int x, int y) {
    int at = y * width + x;
    int value = depth == Depth.EIGHT ? bytes[at] & 0xFF : shorts[at] & 0xFFFF;
    return value / (double) depth.largest();
  }

  /**
   * Takes the probabilities of a part of the image.
   *
   * @param left column of its first pixel
   * @param top row of its first pixel
   * @param columns of the part
   * @param probabilities row by row, 0-1
   */
  public void put(int left, int top, int columns, float[] probabilities) {
    for (int i = 0; i < probabilities.length; i++) {
      int at = (top + i / columns) * width + left + i % columns;
      int value = Math.round(Math.min(probabilities[i], 1) * depth.largest());
      if (depth == Depth.EIGHT) {
        bytes[at] = (byte) value;
      } else {
        shorts[at] = (short) value;
      }
    }
  }

  /** As a grey image, without a copy. */
  BufferedImage image() {
    DataBuffer pixels =
        depth == Depth.EIGHT
            ? new DataBufferByte(bytes, bytes.length)
            : new DataBufferUShort(shorts, shorts.length);
    ColorModel grey =
        new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_GRAY),
            false,
            false,
            ColorModel.OPAQUE,
            pixels.getDataType());
    return new BufferedImage(
        grey,
        Raster.createInterleavedRaster(pixels, width, height, width, 1, new int[1], null),
        false,
        null);
  }
}
