package org.segtrain.data;

import com.drew.imaging.ImageMetadataReader;
import com.drew.imaging.ImageProcessingException;
import com.drew.metadata.jpeg.JpegDirectory;
import java.awt.image.BufferedImage;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.segtrain.errors.DataException;
import org.segtrain.files.Regular;

/** Width and height in pixels. */
record Extent(int width, int height) {

  /** Reads the size of a photograph as it was seen, from its header. */
  static Extent ofPhotograph(Path file) {
    Extent stored = ofMask(file);
    return Orientation.of(file).isTransposed() ? stored.turned() : stored;
  }

  /**
   * Reads it from the header of a file.
   *
   * @throws DataException if there is none
   */
  static Extent ofMask(Path file) {
    try (InputStream in = Regular.open(file)) {
      byte[] head = in.readNBytes(ImageFormat.HEAD);
      ImageFormat format = Decoding.format(file, head);
      Optional<Extent> said =
          switch (format) {
            case PNG -> PngChunks.header(file, head);
            case JPEG -> ofMetadata(file);
            default -> Optional.empty();
          };
      return said.orElseGet(() -> ofDecoder(file, format));
    } catch (IOException e) {
      throw ImageFiles.unreadable(file, e);
    }
  }

  /**
   * The size in the header of a file, in numbers of 32 bits without sign.
   *
   * @throws DataException if it is of more pixels than can be read
   */
  static Extent ofHeader(Path file, int width, int height) {
    Room.requirePixels(file, Integer.toUnsignedLong(width), Integer.toUnsignedLong(height));
    return new Extent(width, height);
  }

  /** Of a JPEG, in a fifth of the time that its decoder takes; empty if it does not say. */
  private static Optional<Extent> ofMetadata(Path file) {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      return ImageMetadataReader.readMetadata(in).getDirectoriesOfType(JpegDirectory.class).stream()
          .flatMap(Extent::of)
          .findFirst();
    } catch (ImageProcessingException | IOException | RuntimeException e) {
      return Optional.empty(); // the decoder says whether it is read
    }
  }

  private static Stream<Extent> of(JpegDirectory directory) {
    Integer across = directory.getInteger(JpegDirectory.TAG_IMAGE_WIDTH);
    Integer down = directory.getInteger(JpegDirectory.TAG_IMAGE_HEIGHT);
    boolean isSaid = across != null && down != null && across > 0 && down > 0;
    return isSaid ? Stream.of(new Extent(across, down)) : Stream.empty();
  }

  private static Extent ofDecoder(Path file, ImageFormat format) {
    try {
      return Header.read(
          file, format, reader -> ofHeader(file, reader.getWidth(0), reader.getHeight(0)));
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
  Extent turned() {
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
