package org.segtrain.data;

import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import javax.imageio.ImageReadParam;
import javax.imageio.stream.FileCacheImageInputStream;
import javax.imageio.stream.ImageInputStream;
import org.segtrain.data.internal.HeapFull;
import org.segtrain.errors.DataException;
import org.segtrain.files.Regular;

/**
 * An image file that is too large to be decoded whole. Rectangles are decoded: of a TIFF the strips
 * or tiles that they touch, of a PNG or JPEG all rows from the first on.
 */
final class ImageParts {

  private static final Set<ImageFormat> KINDS =
      Set.of(ImageFormat.TIFF, ImageFormat.PNG, ImageFormat.JPEG);

  /**
   * Bytes of colours that are decoded at a time of a PNG or JPEG; fewer where the heap is small.
   */
  private static final int BAND = 128 << 20;

  private static final int TIFF_BAND = 16 << 20;

  private static final byte[] JPEG_END = {(byte) 0xFF, (byte) 0xD9};

  private static final int TAIL = 1 << 16; // bytes behind the end that are no part of the image

  private final Path file;
  private final byte[] head;
  private final ImageFormat format;
  private final Extent size;
  private final int band;
  private final boolean hasEnd;

  private ImageParts(Path file, byte[] head, ImageFormat format, Extent size, int band) {
    this.file = file;
    this.head = head;
    this.format = format;
    this.size = size;
    this.band = band;
    this.hasEnd = format != ImageFormat.JPEG || endsWith(file, JPEG_END);
    if (!hasEnd) {
      Warnings.say("%s has no end; its pixels are read as if it had".formatted(file));
    }
  }

  private static boolean endsWith(Path file, byte[] end) {
    try (FileChannel in = FileChannel.open(file)) {
      ByteBuffer last = ByteBuffer.allocate(TAIL);
      in.read(last, Math.max(0, in.size() - TAIL));
      String tail = new String(last.array(), 0, last.position(), StandardCharsets.ISO_8859_1);
      return tail.contains(new String(end, StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      throw ImageFiles.unreadable(file, e);
    }
  }

  /**
   * The image in {@code file}, if it is too large to be decoded whole; empty for one that is not,
   * or of another format.
   *
   * @throws DataException if the file cannot be read or is damaged
   */
  static Optional<ImageParts> of(Path file) {
    return of(file, Room.largest(), (int) Math.min(BAND, Room.largest() / 2));
  }

  /**
   * The same with other limits.
   *
   * @param largest bytes of the heap that decoding an image whole may take
   * @param band bytes of colours that are decoded at a time
   */
  static Optional<ImageParts> of(Path file, long largest, int band) {
    try (InputStream in = Regular.open(file)) {
      return of(file, in.readNBytes(ImageFormat.HEAD), largest, band);
    } catch (IOException e) {
      throw ImageFiles.unreadable(file, e);
    }
  }

  private static Optional<ImageParts> of(Path file, byte[] head, long largest, int band) {
    ImageFormat format = Decoding.format(file, head);
    if (!KINDS.contains(format)) {
      return Optional.empty();
    }
    Extent size = format == ImageFormat.PNG ? PngChunks.size(file, head) : Extent.ofMask(file);
    if (Room.bytes(size) <= largest) {
      return Optional.empty();
    }
    Room.requirePixels(file, size.width(), size.height());
    Room.requireRows(file, size);
    if (format == ImageFormat.PNG) {
      LargePng.require(file);
    }
    return Optional.of(new ImageParts(file, head, format, size, band));
  }

  /**
   * How many rows are to be read at a time.
   *
   * @param width of them, pixels
   */
  int rows(int width) {
    int bytes = format == ImageFormat.TIFF ? Math.min(band, TIFF_BAND) : band;
    return Math.max(1, bytes / (3 * width));
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
    Header.Question<BufferedImage> pixels =
        reader -> {
          reader.addIIOReadWarningListener((source, warning) -> Decoding.judge(file, warning));
          ImageReadParam some = reader.getDefaultReadParam();
          some.setSourceRegion(part);
          return reader.read(0, some);
        };
    try {
      return hasEnd ? Header.read(file, format, pixels) : readEnded(pixels);
    } catch (DataException known) {
      throw known;
    } catch (OutOfMemoryError e) {
      throw HeapFull.of(file.toString(), e);
    } catch (IOException | RuntimeException e) {
      HeapFull.throwIfCause(file.toString(), e);
      throw Decoding.damaged(file, Decoding.reason(e), e);
    }
  }

  /** Reads a JPEG with the mark of its end, which is missing. */
  private BufferedImage readEnded(Header.Question<BufferedImage> pixels) throws IOException {
    InputStream end = new ByteArrayInputStream(JPEG_END);
    try (InputStream whole = new SequenceInputStream(Files.newInputStream(file), end);
        ImageInputStream in = new FileCacheImageInputStream(whole, null)) {
      return Header.read(file, format, in, pixels);
    }
  }
}
