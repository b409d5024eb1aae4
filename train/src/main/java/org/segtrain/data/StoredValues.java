package org.segtrain.data;

import com.drew.imaging.ImageMetadataReader;
import com.drew.imaging.ImageProcessingException;
import com.drew.metadata.exif.ExifIFD0Directory;
import java.awt.image.DataBuffer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.segtrain.errors.DataException;

/** Whether the numbers of a decoded mask are those that its file holds. */
final class StoredValues {

  private static final Set<Integer> WHOLE_NUMBERS =
      Set.of(DataBuffer.TYPE_BYTE, DataBuffer.TYPE_USHORT);

  private static final int WHITE_IS_ZERO = 0;

  private StoredValues() {}

  /** Refuses numbers of other types, and a TIFF whose decoder turns them round. */
  static void require(Path file, Decoding decoding, byte[] bytes) {
    if (!WHOLE_NUMBERS.contains(decoding.image().getRaster().getTransferType())) {
      throw new DataException(
          ("%s has values of 32 bits, signed or with fractions; save the mask with one channel of 8"
                  + " or 16 bits without sign")
              .formatted(file));
    }
    if (decoding.format() == ImageFormat.TIFF && isWhiteZero(bytes)) {
      throw new DataException(
          "%s is a TIFF in which 0 is white, so its values are not class numbers; save the mask as PNG"
              .formatted(file));
    }
  }

  private static boolean isWhiteZero(byte[] bytes) {
    try {
      for (ExifIFD0Directory tiff :
          ImageMetadataReader.readMetadata(new ByteArrayInputStream(bytes), bytes.length)
              .getDirectoriesOfType(ExifIFD0Directory.class)) {
        Integer value = tiff.getInteger(ExifIFD0Directory.TAG_PHOTOMETRIC_INTERPRETATION);
        return value != null && value == WHITE_IS_ZERO;
      }
      return false;
    } catch (ImageProcessingException | IOException e) {
      return false;
    }
  }
}
