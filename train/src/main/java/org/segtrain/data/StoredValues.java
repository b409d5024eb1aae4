package org.segtrain.data;

import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.segtrain.errors.DataException;

/** Whether the numbers of a decoded mask are those that its file holds. */
final class StoredValues {

  private static final Set<Integer> WHOLE_NUMBERS =
      Set.of(DataBuffer.TYPE_BYTE, DataBuffer.TYPE_USHORT);

  private StoredValues() {}

  /**
   * Refuses numbers of other types, and a TIFF whose decoder turns them round.
   *
   * @param isWhiteZero whether it is such a TIFF
   */
  static void require(Path file, ImageFormat format, Raster values, BooleanSupplier isWhiteZero) {
    if (!WHOLE_NUMBERS.contains(values.getTransferType())) {
      throw new DataException(
          ("%s has values of 32 bits, signed or with fractions; save the mask with one channel of 8"
                  + " or 16 bits without sign")
              .formatted(file));
    }
    if (format == ImageFormat.TIFF && isWhiteZero.getAsBoolean()) {
      throw new DataException(
          "%s is a TIFF in which 0 is white, so its values are not class numbers; save the mask as PNG"
              .formatted(file));
    }
  }
}
