package org.segtrain.data;

import com.drew.imaging.ImageMetadataReader;
import com.drew.imaging.ImageProcessingException;
import com.drew.metadata.Metadata;
import com.drew.metadata.exif.ExifIFD0Directory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The tags of the first page of a TIFF that describe its pixels. */
final class TiffTags {

  private static final int WHITE_IS_ZERO = 0;

  /**
   * Compressions that no decoder here knows, by what libtiff and the registry of tags call them.
   */
  private static final Map<Integer, String> UNREAD =
      Map.ofEntries(
          Map.entry(32766, "NeXT"),
          Map.entry(32809, "ThunderScan"),
          Map.entry(33003, "JPEG 2000"),
          Map.entry(33005, "JPEG 2000"),
          Map.entry(34661, "JBIG"),
          Map.entry(34676, "SGILog"),
          Map.entry(34677, "SGILog24"),
          Map.entry(34712, "JPEG 2000"),
          Map.entry(34887, "LERC"),
          Map.entry(34925, "LZMA"),
          Map.entry(50000, "Zstandard"),
          Map.entry(50001, "WebP"),
          Map.entry(50002, "JPEG XL"));

  private TiffTags() {}

  /** Whether 0 is white, so that its decoder turns values round. */
  static boolean isWhiteZero(byte[] bytes) {
    return isWhiteZero(() -> metadata(bytes));
  }

  /** The same of a file that is not in memory. */
  static boolean isWhiteZero(Path file) {
    return isWhiteZero(() -> ImageMetadataReader.readMetadata(file.toFile()));
  }

  private static boolean isWhiteZero(Source source) {
    return tag(source, ExifIFD0Directory.TAG_PHOTOMETRIC_INTERPRETATION)
        .equals(Optional.of(WHITE_IS_ZERO));
  }

  /** The name of its compression, if that is not read. */
  static Optional<String> unreadCompression(byte[] bytes) {
    return tag(() -> metadata(bytes), ExifIFD0Directory.TAG_COMPRESSION).map(UNREAD::get);
  }

  /** Gives the metadata of a file. */
  private interface Source {
    Metadata read() throws ImageProcessingException, IOException;
  }

  private static Metadata metadata(byte[] bytes) throws ImageProcessingException, IOException {
    return ImageMetadataReader.readMetadata(new ByteArrayInputStream(bytes), bytes.length);
  }

  private static Optional<Integer> tag(Source source, int tag) {
    try {
      return source.read().getDirectoriesOfType(ExifIFD0Directory.class).stream()
          .findFirst()
          .map(tiff -> tiff.getInteger(tag));
    } catch (ImageProcessingException | IOException | RuntimeException e) {
      return Optional.empty(); // reading the pixels says what is wrong
    }
  }
}
