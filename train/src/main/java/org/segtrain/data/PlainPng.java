package org.segtrain.data;

import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A PNG of eight bits a channel, grey, RGB or with a palette, without interlacing or transparency
 * (PNG specification, sections 7 and 9). Its check sums have been verified.
 */
final class PlainPng {

  private static final int GREY = 0;
  private static final int RGB = 2;
  private static final int PALETTE = 3;
  private static final int HEADER_END = 33;
  private static final int MOST_BYTES = Integer.MAX_VALUE - 8; // of an array

  private final byte[] bytes;
  private final ByteArrayOutputStream joined = new ByteArrayOutputStream(0);
  private int start; // of the packed pixels
  private int length;
  private int parts;
  private int palette;
  private int colours;

  private PlainPng(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Decodes a file; empty if it is another, or has a fault.
   *
   * @throws org.segtrain.errors.DataException if the Java heap does not hold it
   */
  static Optional<PlainImage> decode(Path file, byte[] bytes) {
    PlainPng png = new PlainPng(bytes);
    return png.hasPlainHeader() && png.hasPlainParts() ? png.image(file) : Optional.empty();
  }

  private int type() {
    return bytes[25];
  }

  private boolean hasPlainHeader() {
    return bytes.length > HEADER_END
        && PngChunks.length(bytes, Long.BYTES) == 13
        && PngChunks.type(bytes, Long.BYTES).equals("IHDR")
        && bytes[24] == Byte.SIZE
        && (type() == GREY || type() == RGB || type() == PALETTE)
        && bytes[26] == 0 // packed by zlib
        && bytes[27] == 0 // with the filters of the specification
        && bytes[28] == 0; // not interlaced
  }

  /** Whether the packed pixels follow one another, and nothing is transparent. */
  private boolean hasPlainParts() {
    boolean isBehind = false;
    int size = PngChunks.length(bytes, HEADER_END);
    for (int at = HEADER_END; size >= 0; size = PngChunks.length(bytes, at)) {
      String part = PngChunks.type(bytes, at);
      if (part.equals(PngChunks.DATA)) {
        if (isBehind) {
          return false;
        }
        add(at + 8, size);
      } else if (part.equals("PLTE")) {
        palette = at + 8;
        colours = size / 3;
      } else if (part.equals("tRNS") || part.equals("IHDR")) {
        return false;
      } else if (part.equals(PngChunks.LAST)) {
        break;
      }
      isBehind = parts > 0 && !part.equals(PngChunks.DATA);
      at += 12 + size;
    }
    return parts > 0 && (type() != PALETTE || (colours > 0 && colours <= 256));
  }

  private void add(int from, int size) {
    if (parts == 1) {
      joined.write(bytes, start, length);
    }
    if (parts > 0) {
      joined.write(bytes, from, size);
    }
    start = from;
    length = size;
    parts++;
  }

  private Optional<PlainImage> image(Path file) {
    ByteBuffer header = ByteBuffer.wrap(bytes);
    int width = header.getInt(16);
    int height = header.getInt(20);
    Room.require(file, Integer.toUnsignedLong(width), Integer.toUnsignedLong(height));
    int channels = type() == RGB ? 3 : 1;
    int row = channels * width;
    if ((1L + row) * height > MOST_BYTES) {
      return Optional.empty();
    }
    byte[] filtered = new byte[(1 + row) * height];
    if (!isUnpacked(filtered)) {
      return Optional.empty();
    }
    byte[] pixels = new byte[row * height];
    return PngFilters.undo(filtered, row, channels, pixels)
        ? Optional.of(image(width, height, pixels))
        : Optional.empty();
  }

  private PlainImage image(int width, int height, byte[] pixels) {
    return switch (type()) {
      case GREY -> PlainImage.ofGrey(width, height, pixels);
      case RGB -> PlainImage.ofRgb(width, height, pixels);
      default -> new PlainImage(width, height, pixels, palette());
    };
  }

  private IndexColorModel palette() {
    return new IndexColorModel(Byte.SIZE, colours, bytes, palette, false);
  }

  private boolean isUnpacked(byte[] filtered) {
    byte[] packed = parts == 1 ? bytes : joined.toByteArray();
    int from = parts == 1 ? start : 0;
    int size = parts == 1 ? length : packed.length;
    return NativeDecoder.isThere()
        ? NativeDecoder.inflate(packed, from, size, filtered)
        : isInflated(packed, from, size, filtered);
  }

  /** {@link NativeDecoder#inflate} by Java. */
  static boolean isInflated(byte[] packed, int from, int size, byte[] all) {
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(packed, from, size);
      int known = 0;
      int more = 1;
      while (known < all.length && more > 0) {
        more = inflater.inflate(all, known, all.length - known);
        known += more;
      }
      boolean isAll = known == all.length && inflater.inflate(new byte[1]) == 0;
      return isAll && inflater.finished();
    } catch (DataFormatException e) {
      return false;
    } finally {
      inflater.end();
    }
  }
}
