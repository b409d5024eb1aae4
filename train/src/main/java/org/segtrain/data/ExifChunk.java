package org.segtrain.data;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * The part of a PNG or WebP that holds EXIF. The library that reads EXIF would read all parts, and
 * unpack or allocate whatever each claims to hold.
 */
final class ExifChunk {

  private static final int LONGEST = 1 << 20; // bytes; cameras write 64 KiB at most
  private static final int SIGNATURE = 8; // of a PNG
  private static final int SUM = 4; // behind each part of a PNG
  private static final int RIFF = 12;
  private static final String MARK = "Exif\0\0";

  private final DataInputStream in;
  private final boolean isPng;

  private ExifChunk(InputStream in, boolean isPng) {
    this.in = new DataInputStream(in);
    this.isPng = isPng;
  }

  /** The EXIF data in a file of that kind, a TIFF of tags; empty if there are none. */
  static Optional<byte[]> of(ImageFormat format, InputStream in) throws IOException {
    try {
      return new ExifChunk(in, format == ImageFormat.PNG).find();
    } catch (EOFException e) {
      return Optional.empty();
    }
  }

  private Optional<byte[]> find() throws IOException {
    in.skipNBytes(isPng ? SIGNATURE : RIFF);
    while (true) {
      byte[] head = new byte[8];
      in.readFully(head);
      String type = new String(head, isPng ? 4 : 0, 4, StandardCharsets.ISO_8859_1);
      long length = length(head);
      if (type.equalsIgnoreCase("EXIF") && length <= LONGEST) {
        byte[] tags = in.readNBytes((int) length);
        return tags.length < length ? Optional.empty() : Optional.of(bare(tags));
      }
      in.skipNBytes(isPng ? length + SUM : length + length % 2);
    }
  }

  /** Without what JPEG has before the tags, and some write into a WebP too. */
  private static byte[] bare(byte[] tags) {
    boolean isMarked = new String(tags, StandardCharsets.ISO_8859_1).startsWith(MARK);
    return isMarked ? Arrays.copyOfRange(tags, MARK.length(), tags.length) : tags;
  }

  private long length(byte[] head) {
    ByteBuffer numbers = ByteBuffer.wrap(head);
    return Integer.toUnsignedLong(
        isPng ? numbers.getInt(0) : numbers.order(ByteOrder.LITTLE_ENDIAN).getInt(4));
  }
}
