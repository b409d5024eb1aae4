package org.segtrain.data;

import com.drew.imaging.ImageMetadataReader;
import com.drew.imaging.ImageProcessingException;
import com.drew.metadata.Metadata;
import com.drew.metadata.exif.ExifIFD0Directory;
import java.awt.Rectangle;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.segtrain.errors.DataException;

/** How a camera was held, as EXIF numbers it: 1 (upright) to 8. */
record Orientation(int number) {

  private static final Set<ImageFormat> IN_A_CHUNK = Set.of(ImageFormat.PNG, ImageFormat.WEBP);
  private static final Orientation UPRIGHT = new Orientation(1);

  Orientation {
    if (number < 1 || number > 8) {
      throw new IllegalArgumentException("EXIF orientations are 1-8, but got " + number);
    }
  }

  /** Reads it from a file; upright if the file does not say. */
  static Orientation of(byte[] bytes) {
    return of(new ByteArrayInputStream(bytes));
  }

  /**
   * Reads it from a file of the disk; upright if the file does not say.
   *
   * @throws DataException if the file cannot be read
   */
  static Orientation of(Path file) {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      return of(in);
    } catch (IOException e) {
      throw ImageFiles.unreadable(file, e);
    }
  }

  /** Reads it from the beginning of a file; upright if the file does not say. */
  static Orientation of(InputStream in) {
    try {
      for (ExifIFD0Directory exif : metadata(in).getDirectoriesOfType(ExifIFD0Directory.class)) {
        Integer number = exif.getInteger(ExifIFD0Directory.TAG_ORIENTATION);
        if (number != null && number >= 1 && number <= 8) {
          return new Orientation(number);
        }
      }
      return UPRIGHT;
    } catch (ImageProcessingException | IOException | RuntimeException e) {
      return UPRIGHT; // broken metadata do no harm to the pixels
    }
  }

  private static Metadata metadata(InputStream in) throws ImageProcessingException, IOException {
    BufferedInputStream file = new BufferedInputStream(in);
    file.mark(ImageFormat.HEAD);
    Optional<ImageFormat> format = ImageFormat.of(file.readNBytes(ImageFormat.HEAD));
    file.reset();
    if (format.filter(IN_A_CHUNK::contains).isEmpty()) {
      return ImageMetadataReader.readMetadata(file);
    }
    Optional<byte[]> tags = ExifChunk.of(format.get(), file);
    return tags.isEmpty()
        ? new Metadata()
        : ImageMetadataReader.readMetadata(new ByteArrayInputStream(tags.get()));
  }

  /** Whether what was seen is as wide as what is stored is high. */
  boolean isTransposed() {
    return number >= 5;
  }

  private boolean isFromRight() {
    return number == 2 || number == 3 || number == 7 || number == 8;
  }

  private boolean isFromBottom() {
    return number == 3 || number == 4 || number == 6 || number == 7;
  }

  /**
   * Where the pixels are stored that are seen in some rows.
   *
   * @param top the first of the rows
   * @param rows how many
   * @param seen size of the whole photograph, upright
   */
  Rectangle stored(int top, int rows, Extent seen) {
    boolean isTurnedRound = isTransposed() ? isFromRight() : isFromBottom();
    int first = isTurnedRound ? seen.height() - top - rows : top;
    return isTransposed()
        ? new Rectangle(first, 0, rows, seen.width())
        : new Rectangle(0, first, seen.width(), rows);
  }

  /** Turns and mirrors {@code stored} the way it was seen. */
  Picture upright(Picture stored) {
    if (number == 1) {
      return stored;
    }
    boolean transposed = isTransposed();
    boolean fromRight = isFromRight();
    boolean fromBottom = isFromBottom();
    int width = transposed ? stored.height() : stored.width();
    int height = transposed ? stored.width() : stored.height();
    byte[] rgb = new byte[stored.rgb().length];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int column = transposed ? y : x;
        int row = transposed ? x : y;
        column = fromRight ? stored.width() - 1 - column : column;
        row = fromBottom ? stored.height() - 1 - row : row;
        int from = 3 * (row * stored.width() + column);
        System.arraycopy(stored.rgb(), from, rgb, 3 * (y * width + x), 3);
      }
    }
    return new Picture(width, height, rgb);
  }
}
