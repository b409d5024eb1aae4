package org.segtrain.data;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import javax.imageio.ImageIO;
import org.segtrain.errors.DataException;
import org.segtrain.errors.IoReason;
import org.segtrain.images.StoredColours;

/**
 * Reads photographs and masks, and writes PNG.
 *
 * <p>Photographs: JPEG (grey, colour, CMYK, YCCK) and PNG (grey, palette, colour, 1-16 bits). 16
 * bits are scaled to 8; transparent pixels are laid over white; EXIF orientation is applied.
 * Without a colour profile the pixels are those of libjpeg and Pillow; JPEG with one is converted
 * to sRGB, the profile of a PNG is ignored. Masks: PNG with one channel, whose stored values count:
 * palette indices are not looked up, grey is not scaled.
 */
public final class ImageFiles {

  private ImageFiles() {}

  /** Whether the name is that of a file this class reads. */
  public static boolean isImage(Path file) {
    return file.getFileName().toString().toLowerCase(Locale.ROOT).matches(".+\\.(jpe?g|png)");
  }

  /**
   * Reads a photograph.
   *
   * @throws DataException if the file cannot be read, is truncated or corrupt
   */
  public static Picture readRgb(Path file) {
    byte[] bytes = bytes(file);
    BufferedImage image = Decoding.of(file, bytes).image();
    byte[] rgb = StoredColours.rgb(image).orElseThrow(() -> otherColours(file));
    return Orientation.of(bytes).upright(new Picture(image.getWidth(), image.getHeight(), rgb));
  }

  private static DataException otherColours(Path file) {
    return new DataException(
        "%s has a colour space that cannot be read; convert it to RGB".formatted(file));
  }

  /**
   * Reads a mask.
   *
   * @throws DataException if the file cannot be read, is corrupt, or is not a mask
   */
  public static LabelMap readLabels(Path file) {
    Decoding decoding = Decoding.of(file, bytes(file));
    BufferedImage image = decoding.image();
    int bands = image.getRaster().getNumBands();
    if (!decoding.isPng() || bands != 1) {
      throw new DataException(
          "%s is a %s image with %d channels; a mask must be a PNG with one channel (palette, or grey"
                  .formatted(file, decoding.format(), bands)
              + " of 8 or 16 bits) whose values are class numbers");
    }
    int[] values =
        image.getRaster().getPixels(0, 0, image.getWidth(), image.getHeight(), (int[]) null);
    return new LabelMap(image.getWidth(), image.getHeight(), values);
  }

  /** Writes labels as a palette PNG, from which {@link #readLabels} reads the same labels. */
  public static void writeMask(Path file, int width, int height, byte[] labels, Palette palette) {
    BufferedImage image =
        new BufferedImage(width, height, BufferedImage.TYPE_BYTE_INDEXED, colours(palette));
    image.getRaster().setDataElements(0, 0, width, height, labels);
    write(file, image);
  }

  /** Writes an image as an 8-bit PNG. */
  public static void writeRgb(Path file, Picture picture) {
    int width = picture.width();
    int height = picture.height();
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
    image.getRaster().setDataElements(0, 0, width, height, picture.rgb());
    write(file, image);
  }

  private static IndexColorModel colours(Palette palette) {
    int[] rgb = new int[256];
    for (int k = 0; k < palette.classes(); k++) {
      rgb[k] = palette.rgb(k);
    }
    rgb[Sample.VOID] = palette.rgb(Sample.VOID);
    return new IndexColorModel(8, 256, rgb, 0, false, -1, DataBufferByte.TYPE_BYTE);
  }

  private static void write(Path file, BufferedImage image) {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      if (!ImageIO.write(image, "png", out)) {
        throw new IllegalStateException("no PNG writer for " + image);
      }
    } catch (IOException e) {
      throw new DataException("cannot write %s: %s".formatted(file, IoReason.of(e)), e);
    }
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new DataException("cannot read %s: %s".formatted(file, IoReason.of(e)), e);
    }
  }
}
