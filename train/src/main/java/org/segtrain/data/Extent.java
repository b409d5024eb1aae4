package org.segtrain.data;

import java.awt.image.BufferedImage;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.segtrain.errors.DataException;
import org.segtrain.errors.IoReason;

/** Width and height in pixels. */
record Extent(int width, int height) {

  /** Reads that of a photograph as it was seen, from its header. */
  static Extent ofPhotograph(Path file) {
    Extent stored = ofMask(file);
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      return Orientation.of(in).isTransposed() ? stored.turned() : stored;
    } catch (IOException e) {
      throw new DataException("cannot read %s: %s".formatted(file, IoReason.of(e)), e);
    }
  }

  /**
   * Reads it from the header of a file.
   *
   * @throws DataException if there is none
   */
  static Extent ofMask(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      Decoding.format(file, in.readNBytes(ImageFormat.HEAD));
    } catch (IOException e) {
      throw new DataException("cannot read %s: %s".formatted(file, IoReason.of(e)), e);
    }
    try {
      return Header.read(file, reader -> new Extent(reader.getWidth(0), reader.getHeight(0)));
    } catch (IOException | RuntimeException e) {
      if (e instanceof DataException known) {
        throw known;
      }
      return decoded(file); // its metadata may be broken, and its pixels whole
    }
  }

  private static Extent decoded(Path file) {
    BufferedImage image = Decoding.of(file, ImageFiles.bytes(file)).image();
    return new Extent(image.getWidth(), image.getHeight());
  }

  /** That of the same picture on its side. */
  private Extent turned() {
    int across = height;
    int down = width;
    return new Extent(across, down);
  }

  /** "80 x 64". */
  @Override
  public String toString() {
    return "%d x %d".formatted(width, height);
  }
}
