package org.segtrain.data;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.CRC32;

/**
 * The check sums of a PNG file, which ImageIO does not verify: a flipped bit would pass as labels.
 */
final class PngChunks {

  private static final long SIGNATURE = 0x89504E470D0A1A0AL;

  private PngChunks() {}

  static boolean isPng(byte[] bytes) {
    return bytes.length >= Long.BYTES && ByteBuffer.wrap(bytes).getLong() == SIGNATURE;
  }

  /** Throws if a chunk differs from its check sum, or the file ends before its last chunk. */
  static void check(Path file, byte[] bytes) {
    int at = Long.BYTES;
    String type = "";
    while (!type.equals("IEND")) {
      if (bytes.length - at < 12) {
        throw Decoding.damaged(file, "truncated after %d bytes".formatted(bytes.length), null);
      }
      int length = ByteBuffer.wrap(bytes).getInt(at);
      if (length < 0 || length > bytes.length - at - 12) {
        throw Decoding.damaged(file, "truncated after %d bytes".formatted(bytes.length), null);
      }
      type = new String(bytes, at + 4, 4, StandardCharsets.ISO_8859_1);
      CRC32 sum = new CRC32();
      sum.update(bytes, at + 4, length + 4);
      if ((int) sum.getValue() != ByteBuffer.wrap(bytes).getInt(at + 8 + length)) {
        throw Decoding.damaged(file, "wrong check sum in its part %s".formatted(type), null);
      }
      at += 12 + length;
    }
  }
}
