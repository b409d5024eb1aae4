package org.segtrain.data;

import java.awt.image.DataBuffer;
import java.nio.file.Path;
import java.util.Set;
import org.segtrain.errors.DataException;

/** Whether the numbers of a decoded mask are those that its file holds. */
final class StoredValues {

  private static final Set<Integer> WHOLE_NUMBERS =
      Set.of(DataBuffer.TYPE_BYTE, DataBuffer.TYPE_USHORT);

  private StoredValues() {}

  /** Refuses numbers of other types, and a TIFF whose decoder turns them round. */
  static void require(Path file, Decoding decoding, byte[] bytes) {
    if (!WHOLE_NUMBERS.contains(decoding.image().getRaster().getTransferType())) {
      throw new DataException(
          ("%s has values of 32 bits, signed or with fractions; save the mask with one channel of 8"
                  + " or 16 bits without sign")
              .formatted(file));
    }
    if (decoding.format() == ImageFormat.TIFF && TiffTags.isWhiteZero(bytes)) {
      throw new DataException(
          "%s is a TIFF in which 0 is white, so its values are not class numbers; save the mask as PNG"
              .formatted(file));
    }
  }
}
