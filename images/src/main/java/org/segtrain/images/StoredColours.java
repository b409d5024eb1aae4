package org.segtrain.images;

import ai.djl.modality.cv.Image;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.PackedColorModel;
import java.awt.image.Raster;
import java.util.Arrays;
import java.util.Optional;

/**
 * The colours of a decoded image as they are stored. {@link BufferedImage#getRGB} would brighten
 * grey images, which it takes for linear light.
 */
public final class StoredColours {

  private StoredColours() {}

  /**
   * The pixels of {@code photograph} as they are stored, {@code H W 3}. A photograph in other
   * colours than RGB and grey, or not decoded by Java, is read as DJL reads it.
   *
   * @param manager for arrays that are closed with it
   */
  public static byte[] rgb(Image photograph, NDManager manager) {
    Optional<byte[]> stored =
        photograph.getWrappedImage() instanceof BufferedImage image ? rgb(image) : Optional.empty();
    return stored.orElseGet(
        () ->
            photograph
                .toNDArray(manager, Image.Flag.COLOR)
                .toType(DataType.UINT8, false)
                .toByteArray());
  }

  /**
   * {@code H*W*3} bytes, red first, of an image with any number of bits, with a palette or grey;
   * transparent pixels lie over white. Empty for colours that are neither RGB nor grey.
   */
  public static Optional<byte[]> rgb(BufferedImage image) {
    ColorModel colours = image.getColorModel();
    if (colours instanceof IndexColorModel palette) {
      return Optional.of(lookUp(image.getRaster(), palette));
    }
    int kind = colours.getColorSpace().getType();
    boolean known = kind == ColorSpace.TYPE_RGB || kind == ColorSpace.TYPE_GRAY;
    return known && isWhole(colours) ? Optional.of(rgb(image, kind)) : Optional.empty();
  }

  /** Whether its components are whole numbers from 0 on, of 16 bits at most. */
  private static boolean isWhole(ColorModel colours) {
    return colours instanceof PackedColorModel
        || colours.getTransferType() == DataBuffer.TYPE_BYTE
        || colours.getTransferType() == DataBuffer.TYPE_USHORT;
  }

  private static byte[] rgb(BufferedImage image, int kind) {
    Raster raster = image.getRaster();
    if (raster.getNumBands() == 3
        && raster.getTransferType() == DataBuffer.TYPE_BYTE
        && raster.getNumDataElements() == 3) {
      return (byte[]) raster.getDataElements(0, 0, raster.getWidth(), raster.getHeight(), null);
    }
    return convert(raster, kind == ColorSpace.TYPE_GRAY ? 1 : 3, image.getColorModel());
  }

  private static byte[] lookUp(Raster raster, IndexColorModel palette) {
    int[] colours = new int[palette.getMapSize()];
    palette.getRGBs(colours);
    int[] indices = raster.getPixels(0, 0, raster.getWidth(), raster.getHeight(), (int[]) null);
    byte[] rgb = new byte[3 * indices.length];
    for (int i = 0; i < indices.length; i++) {
      int argb = indices[i] < colours.length ? colours[indices[i]] : 0xFF000000;
      for (int c = 0; c < 3; c++) {
        rgb[3 * i + c] = overWhite(argb >> (16 - 8 * c) & 0xFF, argb >>> 24);
      }
    }
    return rgb;
  }

  /** From one or three colours of some number of bits each, with or without alpha. */
  private static byte[] convert(Raster raster, int colours, ColorModel model) {
    int width = raster.getWidth();
    int bands = raster.getNumBands();
    int[] max = Arrays.stream(model.getComponentSize()).map(bits -> (1 << bits) - 1).toArray();
    boolean transparent = model.hasAlpha() && bands > colours;
    byte[] rgb = new byte[3 * width * raster.getHeight()];
    int[] row = new int[width * bands];
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getPixels(0, y, width, 1, row);
      for (int x = 0; x < width; x++) {
        int alpha = transparent ? eightBits(row[x * bands + colours], max[colours]) : 255;
        for (int c = 0; c < 3; c++) {
          int band = Math.min(c, colours - 1);
          int value = eightBits(row[x * bands + band], max[band]);
          rgb[3 * (y * width + x) + c] =
              model.isAlphaPremultiplied()
                  ? (byte) Math.min(255, value + 255 - alpha)
                  : overWhite(value, alpha);
        }
      }
    }
    return rgb;
  }

  private static int eightBits(int value, int max) {
    return max == 255 ? value : (int) ((value * 255L + max / 2) / max);
  }

  private static byte overWhite(int value, int alpha) {
    return (byte) ((value * alpha + 255 * (255 - alpha) + 127) / 255);
  }
}
