package org.segtrain.data;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.segtrain.errors.Counted;
import org.segtrain.errors.DataException;

/**
 * Checks the length of a file by its own structure, which not all decoders do, and removes
 * metadata.
 */
final class Containers {

  /** Segments of a JPEG that decide how its pixels are read: JFIF's and Adobe's. */
  private static final Set<Integer> NEEDED = Set.of(0xE0, 0xEE);

  /** Where the pixels of a JPEG begin at the latest: tables, frames and scans. */
  private static final Set<Integer> TABLES = Set.of(0xC0, 0xC1, 0xC2, 0xC4, 0xDA, 0xDB, 0xDD);

  private Containers() {}

  /**
   * A repaired file, and its fault.
   *
   * @param what the fault, for people
   */
  @SuppressWarnings("ArrayRecordComponent") // bytes are handed on, never compared
  record Mended(byte[] bytes, String what) {}

  /**
   * The file, with its end if that alone is missing. Refuses it if pixels are missing, or if check
   * sums of pixels are wrong.
   */
  static byte[] whole(Path file, ImageFormat format, byte[] bytes) {
    switch (format) {
      case PNG -> {
        return PngChunks.whole(file, bytes);
      }
      case WEBP -> requireLength(file, bytes, Math.max(8 + unsigned(bytes, 4), pixelsEnd(bytes)));
      case BMP -> BitmapRows.require(file, bytes);
      case GIF -> GifFrame.require(file, bytes);
      default -> {} // their decoders notice
    }
    return bytes;
  }

  /** Refuses a file that is whole, but packed in a way that no decoder knows. */
  static void refuseUnread(Path file, ImageFormat format, byte[] bytes) {
    if (format == ImageFormat.TIFF) {
      TiffTags.unreadCompression(bytes)
          .ifPresent(
              name -> {
                throw new DataException(
                    "%s is a TIFF with the compression %s, which is not read; save it with LZW or Deflate"
                        .formatted(file, name));
              });
    }
  }

  /** Whether the pixels of a WebP file are stored as they were. */
  static boolean isLossless(byte[] bytes) {
    for (long at = 12; at + 8 <= bytes.length; at += (9 + unsigned(bytes, (int) at + 4)) & ~1L) {
      String chunk = new String(bytes, (int) at, 4, StandardCharsets.ISO_8859_1);
      if (chunk.startsWith("VP8") && !chunk.equals("VP8X")) {
        return chunk.equals("VP8L");
      }
    }
    return false;
  }

  /** Where the part of a WebP file ends that has its pixels; 0 if there is none. */
  private static long pixelsEnd(byte[] bytes) {
    for (long at = 12; at + 8 <= bytes.length; ) {
      String chunk = new String(bytes, (int) at, 4, StandardCharsets.ISO_8859_1);
      long size = unsigned(bytes, (int) at + 4);
      if (chunk.equals("VP8 ") || chunk.equals("VP8L")) {
        return at + 8 + size;
      }
      at += (9 + size) & ~1L;
    }
    return 0;
  }

  /** Where the pixels of a lossless WebP end that is nothing but those; empty if it is another. */
  static OptionalInt losslessEnd(ImageFormat format, byte[] bytes) {
    boolean isPlain =
        format == ImageFormat.WEBP
            && bytes.length >= 20
            && new String(bytes, 12, 4, StandardCharsets.ISO_8859_1).equals("VP8L");
    return isPlain ? OptionalInt.of((int) pixelsEnd(bytes)) : OptionalInt.empty();
  }

  /** The same pixels in a readable form, for a file that no decoder takes as it is. */
  static List<Mended> mended(ImageFormat format, byte[] bytes) {
    String metadata = "broken metadata, which are left out";
    if (format == ImageFormat.PNG) {
      return List.of(new Mended(PngChunks.bare(bytes, true), metadata));
    } else if (format != ImageFormat.JPEG) {
      return List.of();
    }
    List<Mended> all = new ArrayList<>();
    List<byte[]> mended = JpegParts.mended(bytes);
    String filling = "no end, or bytes that mean nothing";
    mended.forEach(parts -> all.add(new Mended(parts, filling)));
    all.add(new Mended(bareJpeg(bytes), metadata));
    mended.forEach(parts -> all.add(new Mended(bareJpeg(parts), filling)));
    return all;
  }

  static void requireLength(Path file, byte[] bytes, long length) {
    if (bytes.length < length) {
      throw Decoding.damaged(
          file,
          "truncated after %d of %s".formatted(bytes.length, Counted.of(length, "byte")),
          null);
    }
  }

  private static long unsigned(byte[] bytes, int at) {
    return bytes.length < at + 4
        ? Integer.MAX_VALUE
        : Integer.toUnsignedLong(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(at));
  }

  /** Without application segments and comments, also if the length of one is wrong. */
  private static byte[] bareJpeg(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length);
    out.write(bytes, 0, 2);
    int at = 2;
    while (at + 4 <= bytes.length) {
      int marker = bytes[at + 1] & 0xFF;
      int end = at + 2 + (ByteBuffer.wrap(bytes).getShort(at + 2) & 0xFFFF);
      if (bytes[at] != (byte) 0xFF || marker == 0xDA) {
        break;
      }
      boolean metadata = (marker >= 0xE0 && marker <= 0xEF) || marker == 0xFE; // APPn, COM
      if (metadata && (end >= bytes.length || bytes[end] != (byte) 0xFF)) {
        at = nextTable(bytes, at + 2);
        continue;
      }
      if (!metadata || NEEDED.contains(marker)) {
        out.write(bytes, at, Math.min(end, bytes.length) - at);
      }
      at = end;
    }
    if (at < bytes.length) {
      out.write(bytes, at, bytes.length - at);
    }
    return out.toByteArray();
  }

  private static int nextTable(byte[] bytes, int from) {
    for (int at = from; at + 1 < bytes.length; at++) {
      if (bytes[at] == (byte) 0xFF && TABLES.contains(bytes[at + 1] & 0xFF)) {
        return at;
      }
    }
    return bytes.length;
  }
}
