package org.segtrain.data;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.segtrain.errors.Counted;
import org.segtrain.errors.DataException;
import org.segtrain.errors.IoReason;
import org.segtrain.files.Regular;
import org.segtrain.images.StoredColours;

/**
 * Reads photographs and masks, and writes PNG. The content of a file, not its name, decides what it
 * is.
 *
 * <p>Photographs: JPEG (grey, colour, CMYK, YCCK), PNG, TIFF, BMP, WebP and the first frame of a
 * GIF (grey, palette, colour, 1-16 bits). 16 bits are scaled to 8; transparent pixels are laid over
 * white; EXIF orientation is applied. Without a colour profile the pixels are those of libjpeg and
 * Pillow; JPEG with one is converted to sRGB, the profiles of other formats are ignored. Masks:
 * PNG, TIFF, BMP and GIF with one channel, whose stored values count: palette indices are not
 * looked up, grey is not scaled.
 *
 * <p>Broken metadata are left out with a warning; a file with broken or missing pixels is refused.
 * A file that the Java heap does not hold is refused before it is decoded.
 */
public final class ImageFiles {

  private static final Set<ImageFormat> MASKS =
      Set.of(ImageFormat.PNG, ImageFormat.TIFF, ImageFormat.BMP, ImageFormat.GIF);

  private static final String SOFTWARE = "segtrain";
  private static final String SHEET = "segtrain data browse";

  private ImageFiles() {}

  /** Whether the name is that of a file this class reads. */
  public static boolean isImage(Path file) {
    return ImageFormat.promisedBy(file).filter(ImageFormat::isRead).isPresent();
  }

  /**
   * Reads a photograph.
   *
   * @throws DataException if the file cannot be read, is truncated or corrupt
   */
  public static Picture readRgb(Path file) {
    return readRgb(file, bytes(file));
  }

  /** The photograph that {@code bytes}, all of {@code file}, hold. */
  static Picture readRgb(Path file, byte[] bytes) {
    BufferedImage image = Decoding.of(file, bytes).image();
    try {
      return Orientation.of(bytes).upright(rgb(file, image));
    } catch (OutOfMemoryError e) {
      throw Room.tooLarge(
          file, image.getWidth(), image.getHeight(), Runtime.getRuntime().maxMemory());
    }
  }

  /** The colours of an image that was decoded from {@code file}. */
  static Picture rgb(Path file, BufferedImage image) {
    byte[] rgb =
        image instanceof PlainImage plain && plain.isRgb()
            ? plain.bytes()
            : StoredColours.rgb(image).orElseThrow(() -> otherColours(file, image));
    return new Picture(image.getWidth(), image.getHeight(), rgb);
  }

  /**
   * Opens a photograph. A TIFF, PNG or JPEG that would take more than an eighth of the Java heap is
   * read later, by parts; others are read at once.
   *
   * @throws DataException if the file cannot be read, is truncated or corrupt
   */
  public static Photograph open(Path file) {
    return StoredPhotograph.of(file).orElseGet(() -> readRgb(file));
  }

  private static DataException otherColours(Path file, BufferedImage image) {
    int type = image.getRaster().getTransferType();
    boolean isReal = type == DataBuffer.TYPE_FLOAT || type == DataBuffer.TYPE_DOUBLE;
    if (isReal || type == DataBuffer.TYPE_INT) {
      return new DataException(
          "%s has %s, which are not read in photographs; save it with 8 or 16 bits a channel"
              .formatted(file, isReal ? "floating-point numbers" : "numbers of 32 bits"));
    }
    return new DataException(
        "%s has a colour space that cannot be read; convert it to RGB".formatted(file));
  }

  /**
   * Reads a mask.
   *
   * @throws DataException if the file cannot be read, is corrupt, or is not a mask
   */
  public static LabelMap readLabels(Path file) {
    return labels(file, maskImage(file, bytes(file)));
  }

  /** The mask that {@code bytes}, all of {@code file}, hold, as decoded; refused if it is none. */
  static BufferedImage maskImage(Path file, byte[] bytes) {
    Decoding decoding = Decoding.ofMask(file, bytes);
    BufferedImage image = decoding.image();
    int bands = image.getRaster().getNumBands();
    if (!MASKS.contains(decoding.format()) || bands != 1) {
      throw noMask(file, decoding.format(), bands);
    }
    StoredValues.require(
        file, decoding.format(), image.getRaster(), () -> TiffTags.isWhiteZero(bytes));
    return image;
  }

  /** The sentence about an image that cannot be a mask. */
  static DataException noMask(Path file, ImageFormat format, int bands) {
    return new DataException(
        "%s is a %s image with %s; a mask must be a PNG (or TIFF, BMP, GIF) with one"
                .formatted(file, format, Counted.of(bands, "channel"))
            + " channel (palette, or grey of 8 or 16 bits) whose values are class numbers");
  }

  /** The values of a mask that was decoded from {@code file}. */
  static LabelMap labels(Path file, BufferedImage image) {
    try {
      int[] values =
          image.getRaster().getPixels(0, 0, image.getWidth(), image.getHeight(), (int[]) null);
      return new LabelMap(image.getWidth(), image.getHeight(), values);
    } catch (OutOfMemoryError e) {
      throw Room.tooLarge(
          file, image.getWidth(), image.getHeight(), Runtime.getRuntime().maxMemory());
    }
  }

  /** Writes labels as a palette PNG, from which {@link #readLabels} reads the same labels. */
  public static void writeMask(Path file, int width, int height, byte[] labels, Palette palette) {
    PngFile.write(file, mask(width, height, labels, palette), SOFTWARE);
  }

  /** Writes the same bytes to a stream, which stays open. */
  public static void writeMask(
      OutputStream out, int width, int height, byte[] labels, Palette palette) throws IOException {
    PngFile.write(out, mask(width, height, labels, palette), SOFTWARE);
  }

  private static BufferedImage mask(int width, int height, byte[] labels, Palette palette) {
    WritableRaster pixels =
        Raster.createInterleavedRaster(
            new DataBufferByte(labels, labels.length), width, height, width, 1, new int[1], null);
    return new BufferedImage(colours(palette), pixels, false, null);
  }

  /** Writes probabilities as a grey PNG: value = round(p * 255), or round(p * 65535) of 16 bits. */
  public static void writeConfidences(Path file, Confidences confidences) {
    PngFile.write(file, confidences.image(), SOFTWARE);
  }

  /** Writes an image as an 8-bit PNG. */
  public static void writeRgb(Path file, Photograph photograph) {
    PngFile.write(file, new RowsImage(photograph), SOFTWARE);
  }

  /** The same of a contact sheet, which only another sheet may replace. */
  public static void writeSheet(Path file, Photograph photograph) {
    PngFile.write(file, new RowsImage(photograph), SHEET);
  }

  /** Whether the file at {@code file} is a contact sheet. */
  public static boolean isSheet(Path file) {
    return isSigned(file, SHEET);
  }

  private static IndexColorModel colours(Palette palette) {
    int[] rgb = new int[256];
    for (int k = 0; k < palette.classes(); k++) {
      rgb[k] = palette.rgb(k);
    }
    rgb[Sample.VOID] = palette.rgb(Sample.VOID);
    return new IndexColorModel(8, 256, rgb, 0, false, -1, DataBufferByte.TYPE_BYTE);
  }

  /** Whether the file at {@code file} was written by this class, and is no contact sheet. */
  public static boolean isOwn(Path file) {
    return isSigned(file, SOFTWARE);
  }

  private static boolean isSigned(Path file, String software) {
    try (InputStream in = Regular.open(file)) {
      return PngChunks.isSigned(in.readNBytes(PngFile.HEAD), software);
    } catch (IOException e) {
      return false;
    }
  }

  /** All of a file, if the heap holds it. */
  static byte[] bytes(Path file) {
    try {
      Room.requireFile(file, Files.size(file));
      try (InputStream in = Regular.open(file)) {
        return in.readAllBytes();
      }
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /** Says why a file cannot be read at all, and what to do. */
  static DataException unreadable(Path file, IOException e) {
    String remedy = e instanceof AccessDeniedException ? "make it readable" : "replace it";
    return new DataException(
        "cannot read %s: %s; %s or take it out".formatted(file, IoReason.of(e), remedy), e);
  }
}
