package org.segtrain.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import org.segtrain.errors.Counted;
import org.segtrain.errors.DataException;

/**
 * The first frame of a GIF (GIF89a, sections 20 to 22 and appendix F), which is the one that is
 * read. ImageIO leaves pixels black that are missing from it.
 */
final class GifFrame {

  private static final int MOST_BITS = 12; // of a code

  private final byte[] bytes;
  private int at;
  private int left; // bytes of a block
  private int held; // bits that are not taken yet
  private int bits;

  private GifFrame(byte[] bytes, int at) {
    this.bytes = bytes;
    this.at = at;
  }

  /** Refuses a GIF whose first frame is only a part of it, or lacks pixels. */
  static void require(Path file, byte[] bytes) {
    int at = 13 + colours(bytes, 10);
    while (at < bytes.length && bytes[at] == 0x21) { // an extension
      at = afterBlocks(bytes, at + 2);
    }
    long pixels = 0;
    int codes = at;
    if (at + 9 < bytes.length && bytes[at] == 0x2C) {
      pixels = requirePixels(file, ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN), at);
      codes = at + 10 + colours(bytes, at + 9);
      at = afterBlocks(bytes, codes + 1);
    }
    if (bytes.length < at) { // how long it was, nothing says
      throw Decoding.damaged(file, "truncated after " + Counted.of(bytes.length, "byte"), null);
    }
    long there = pixels == 0 ? 0 : new GifFrame(bytes, codes + 1).pixels(bytes[codes], pixels);
    if (there < pixels) {
      throw Decoding.damaged(
          file, "%d of %s are there".formatted(there, Counted.of(pixels, "pixel")), null);
    }
  }

  private static long requirePixels(Path file, ByteBuffer in, int at) {
    int width = in.getShort(at + 5) & 0xFFFF;
    int height = in.getShort(at + 7) & 0xFFFF;
    int wholeWidth = in.getShort(6) & 0xFFFF;
    int wholeHeight = in.getShort(8) & 0xFFFF;
    if (width != wholeWidth || height != wholeHeight) {
      throw new DataException(
          "%s is %d x %d pixels, of which its first frame has %d x %d; save that frame as PNG"
              .formatted(file, wholeWidth, wholeHeight, width, height));
    }
    return (long) width * height;
  }

  /** The length of a table of colours that the flags at {@code at} announce. */
  private static int colours(byte[] bytes, int at) {
    boolean there = at < bytes.length && (bytes[at] & 0x80) != 0;
    return there ? 3 << ((bytes[at] & 7) + 1) : 0;
  }

  private static int afterBlocks(byte[] bytes, int first) {
    int at = first;
    while (at < bytes.length && bytes[at] != 0) {
      at += 1 + (bytes[at] & 0xFF);
    }
    return at + 1;
  }

  /**
   * How many pixels the codes stand for, up to their end or to one that means nothing.
   *
   * @param size bits of a pixel
   * @param enough where counting ends
   */
  private long pixels(int size, long enough) {
    if (size < 1 || size >= MOST_BITS) {
      return 0;
    }
    int clear = 1 << size;
    int[] lengths = new int[1 << MOST_BITS]; // pixels, by code
    Arrays.fill(lengths, 0, clear, 1);
    int width = size + 1;
    int next = clear + 2;
    int before = -1;
    long pixels = 0;
    while (pixels < enough) {
      int code = code(width);
      if (code == clear) {
        width = size + 1;
        next = clear + 2;
        before = -1;
        continue;
      }
      if (before >= 0 && next < lengths.length) {
        lengths[next++] = lengths[before] + 1;
        width += next == 1 << width && width < MOST_BITS ? 1 : 0;
      }
      if (code < 0 || code == clear + 1 || code >= next) {
        break;
      }
      pixels += lengths[code];
      before = code;
    }
    return pixels;
  }

  /** The next code, or -1 if there is none. */
  private int code(int width) {
    while (bits < width) {
      if (left == 0) {
        left = bytes[at] & 0xFF;
        if (left == 0) {
          return -1;
        }
        at++;
      }
      left--;
      held |= (bytes[at++] & 0xFF) << bits;
      bits += Byte.SIZE;
    }
    int code = held & ((1 << width) - 1);
    held >>>= width;
    bits -= width;
    return code;
  }
}
