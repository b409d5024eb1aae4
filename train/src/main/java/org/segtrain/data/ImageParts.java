package org.segtrain.data;

import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import javax.imageio.ImageReadParam;
import org.segtrain.data.internal.HeapFull;
import org.segtrain.errors.DataException;

/**
 * An image file that is too large to be decoded whole, of which rectangles are decoded: of a TIFF
 * the strips or tiles that they touch, of a PNG or JPEG all rows from the first on.
 */
final class ImageParts {

  private static final Set<ImageFormat> KINDS =
      Set.of(ImageFormat.TIFF, ImageFormat.PNG, ImageFormat.JPEG);

  /** Bytes of colours that are decoded at a time. */
  private static final int BAND = 128 << 20;

  /** Nothing is packed into a smaller part of its size, so no small file is looked into. */
  private static final int MOST_PACKED = 1100; // deflate reaches 1032

  private final Path file;
  private final byte[] head;
  private final ImageFormat format;
  private final Extent size;

  private ImageParts(Path file, byte[] head, ImageFormat format, Extent size) {
    this.file = file;
    this.head = head;
    this.format = format;
    this.size = size;
  }

  /**
   * The image in {@code file}, if it is too large to be decoded whole; empty for one that is not,
   * or of another format.
   *
   * @throws DataException if the file cannot be read or is damaged
   */
  static Optional<ImageParts> of(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      if (Files.size(file) < Room.largest() / MOST_PACKED) {
        return Optional.empty();
      }
      return of(file, in.readNBytes(ImageFormat.HEAD));
    } catch (IOException e) {
      throw ImageFiles.unreadable(file, e);
    }
  }

  private static Optional<ImageParts> of(Path file, byte[] head) {
    ImageFormat format = Decoding.format(file, head);
    if (!KINDS.contains(format)) {
      return Optional.empty();
    }
    Extent size = Extent.ofMask(file);
    if (Room.bytes(size) <= Room.largest()) {
      return Optional.empty();
    }
    Room.requirePixels(file, size);
    if (format == ImageFormat.PNG) {
      PngChunks.requireWhole(file);
    }
    return Optional.of(new ImageParts(file, head, format, size));
  }

  /** Rows of an image of that width that are read at a time. */
  static int rows(int width) {
    return Math.max(1, BAND / (3 * width));
  }

  Path file() {
    return file;
  }

  /** Its first bytes. */
  byte[] head() {
    return head;
  }

  /** That of the pixels as they are stored. */
  Extent size() {
    return size;
  }

  /** The colours of a part. */
  Picture rgb(Rectangle part) {
    return ImageFiles.rgb(file, read(part));
  }

  /** The values of a part of a mask. */
  LabelMap values(Rectangle part) {
    Raster raster = read(part).getRaster();
    boolean isGrey = format == ImageFormat.PNG && PngChunks.isGrey(head);
    if (raster.getNumBands() != 1 && !isGrey) { // which may have a transparent value
      throw ImageFiles.noMask(file, format, raster.getNumBands());
    }
    StoredValues.require(file, format, raster, () -> TiffTags.isWhiteZero(file));
    int[] values = raster.getSamples(0, 0, part.width, part.height, 0, (int[]) null);
    return new LabelMap(part.width, part.height, values);
  }

  private BufferedImage read(Rectangle part) {
    try {
      return Header.read(
          file,
          format,
          reader -> {
            reader.addIIOReadWarningListener((source, warning) -> Decoding.judge(file, warning));
            ImageReadParam some = reader.getDefaultReadParam();
            some.setSourceRegion(part);
            return reader.read(0, some);
          });
    } catch (DataException known) {
      throw known;
    } catch (OutOfMemoryError e) {
      throw HeapFull.of(file.toString(), e);
    } catch (IOException | RuntimeException e) {
      throw Decoding.damaged(file, Decoding.reason(e), e);
    }
  }
}
