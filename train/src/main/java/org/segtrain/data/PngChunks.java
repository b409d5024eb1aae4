package org.segtrain.data;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.segtrain.errors.Counted;
import org.segtrain.errors.DataException;

/**
 * The parts of a PNG file. ImageIO does not verify their check sums: a flipped bit would pass as
 * labels.
 */
final class PngChunks {

  static final String DATA = "IDAT";
  static final String LAST = "IEND";
  private static final String FIRST = "IHDR";
  private static final Set<String> PIXELS = Set.of(FIRST, "PLTE", DATA, LAST);

  /** Before the word that says who wrote a file. */
  private static final String SOFTWARE = "Software\0";

  private static final String TRANSPARENCY = "tRNS";

  /** Where the header has it. */
  private static final int WIDTH = 16;

  private static final int BIT_DEPTH = 24;
  private static final int COLOUR_TYPE = 25;
  private static final int INTERLACING = 28;

  /** First column and row, and steps to the next of both. PNG specification, section 8.2. */
  private static final int[][] ADAM_7 = {
    {0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}
  };

  private static final int[][] WHOLE = {{0, 0, 1, 1}};

  private static final int TRUE_COLOUR = 2; // a bit of it, beside that of a palette

  private PngChunks() {}

  /**
   * The file, with its last part if that alone is missing. Refuses it if a part of its pixels
   * differs from its check sum or is missing; other parts are only metadata.
   */
  static byte[] whole(Path file, byte[] bytes) {
    int at = Long.BYTES;
    String type = "";
    List<String> broken = new ArrayList<>();
    boolean hasPixels = false;
    while (!type.equals(LAST)) {
      int length = length(bytes, at);
      if (length < 0) {
        byte[] mended = ended(file, bytes, at);
        warn(file, broken, true);
        return mended;
      }
      type = type(bytes, at);
      if (sum(bytes, at + 4, length + 4) != ByteBuffer.wrap(bytes).getInt(at + 8 + length)) {
        refuseIfNeeded(file, type);
        broken.add(type);
      }
      hasPixels |= type.equals(DATA);
      at += 12 + length;
    }
    if (hasPixels && !broken.isEmpty() && !hasAllPixels(bytes, at)) {
      throw Decoding.damaged(file, "a part of its pixels is missing", null);
    }
    warn(file, broken, hasPixels);
    if (at < bytes.length) {
      Warnings.say(
          "%s is read without the bytes behind its end (%s); its pixels are whole"
              .formatted(file, Counted.of(bytes.length - at, "byte")));
    }
    return bytes;
  }

  /**
   * The size that a file says which begins so.
   *
   * @throws DataException if it ends before
   */
  static Extent size(Path file, byte[] head) {
    if (head.length <= COLOUR_TYPE) {
      throw Decoding.damaged(file, "truncated after " + Counted.of(head.length, "byte"), null);
    }
    ByteBuffer header = ByteBuffer.wrap(head);
    return Extent.ofHeader(file, header.getInt(WIDTH), header.getInt(WIDTH + Integer.BYTES));
  }

  /** The same of a file that may have another part first, or sides of no pixels; empty if so. */
  static Optional<Extent> header(Path file, byte[] head) {
    if (head.length <= COLOUR_TYPE || !type(head, Long.BYTES).equals(FIRST)) {
      return Optional.empty();
    }
    ByteBuffer header = ByteBuffer.wrap(head);
    int width = header.getInt(WIDTH);
    int height = header.getInt(WIDTH + Integer.BYTES);
    boolean isNegative = width < 0 || height < 0; // of 2^31 pixels or more
    Extent size = isNegative ? Extent.ofHeader(file, width, height) : new Extent(width, height);
    return Optional.of(size).filter(some -> some.width() > 0 && some.height() > 0);
  }

  /** Whether a file that begins so has red, green and blue, and no palette. */
  static boolean isTrueColour(byte[] head) {
    return head.length > COLOUR_TYPE && (head[COLOUR_TYPE] & 3) == TRUE_COLOUR;
  }

  /** Whether a file that begins so is grey, without alpha. */
  static boolean isGrey(byte[] head) {
    return head.length > COLOUR_TYPE && head[COLOUR_TYPE] == 0;
  }

  /** A file that stops at {@code at}, before its last part. */
  private static byte[] ended(Path file, byte[] bytes, int at) {
    if (!hasAllPixels(bytes, at)) {
      throw Decoding.damaged(file, "truncated after " + Counted.of(bytes.length, "byte"), null);
    }
    Warnings.say("%s has no end; its pixels are whole".formatted(file));
    byte[] name = LAST.getBytes(StandardCharsets.ISO_8859_1);
    ByteBuffer whole = ByteBuffer.allocate(at + 12).put(bytes, 0, at).putInt(0).put(name);
    return whole.putInt(sum(name, 0, name.length)).array();
  }

  /**
   * How many bytes the pixels of a file have that begins so, with a byte for the filter of each
   * row. A file may hold many more, packed into few.
   */
  static long unpacked(byte[] head) {
    ByteBuffer header = ByteBuffer.wrap(head);
    long width = header.getInt(WIDTH);
    long height = header.getInt(WIDTH + Integer.BYTES);
    boolean interlaced = head[INTERLACING] != 0;
    long all = 0;
    for (int[] pass : interlaced ? ADAM_7 : WHOLE) {
      long columns = (width - pass[0] + pass[2] - 1) / pass[2];
      long rows = (height - pass[1] + pass[3] - 1) / pass[3];
      all += columns < 1 ? 0 : rows * (1 + (columns * bits(head) + 7) / 8);
    }
    return all;
  }

  /** Of a pixel. */
  private static int bits(byte[] head) {
    int depth = head[BIT_DEPTH];
    return switch (head[COLOUR_TYPE]) {
      case 2 -> 3 * depth;
      case 4 -> 2 * depth;
      case 6 -> 4 * depth;
      default -> depth;
    };
  }

  /** Whether what is packed in the parts before {@code end} is there to its last byte. */
  private static boolean hasAllPixels(byte[] bytes, int end) {
    if (bytes.length <= INTERLACING) {
      return false;
    }
    long needed = unpacked(bytes);
    long all = 0;
    Inflater inflater = new Inflater();
    byte[] pixels = new byte[1 << 16];
    try {
      for (int at = Long.BYTES; at < end && all < needed; at += 12 + length(bytes, at)) {
        if (type(bytes, at).equals(DATA)) {
          inflater.setInput(bytes, at + 8, length(bytes, at));
          int unpacked;
          do {
            unpacked = inflater.inflate(pixels); // only how many there are counts
            all += unpacked;
          } while (unpacked > 0 && all < needed);
        }
      }
      return inflater.finished() || all >= needed;
    } catch (DataFormatException e) {
      return false;
    } finally {
      inflater.end();
    }
  }

  static void refuseIfNeeded(Path file, String type) {
    boolean counts = PIXELS.contains(type) && !type.equals(LAST); // which is empty
    if (counts || type.equals(TRANSPARENCY)) {
      throw Decoding.damaged(file, "wrong check sum in its part %s".formatted(type), null);
    }
  }

  /**
   * Tells of broken parts.
   *
   * @throws DataException if there are no pixels, perhaps in one of these
   */
  static void warn(Path file, List<String> broken, boolean hasPixels) {
    if (!hasPixels) {
      throw Decoding.damaged(file, "it has no pixels", null);
    }
    broken.forEach(
        type ->
            Warnings.say(
                "%s has a broken part %s, which is left out; its pixels are whole"
                    .formatted(file, type)));
  }

  /**
   * The same file with nothing but its pixels.
   *
   * @param transparency whether it keeps that
   */
  static byte[] bare(byte[] bytes, boolean transparency) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length);
    out.write(bytes, 0, Long.BYTES);
    for (int at = Long.BYTES, length = length(bytes, at); length >= 0; ) {
      String type = type(bytes, at);
      if (PIXELS.contains(type) || (transparency && type.equals(TRANSPARENCY))) {
        out.write(bytes, at, 12 + length);
      }
      at += 12 + length;
      length = length(bytes, at);
    }
    return out.toByteArray();
  }

  /** Whether that word, which says who wrote a file, is in its beginning. */
  static boolean isSigned(byte[] head, String software) {
    String text = new String(head, StandardCharsets.ISO_8859_1);
    return ImageFormat.of(head).filter(ImageFormat.PNG::equals).isPresent()
        && text.contains(
            (char) (SOFTWARE.length() + software.length()) + "tEXt" + SOFTWARE + software);
  }

  /** The length of the part at {@code at}, or -1 if the file ends before it does. */
  static int length(byte[] bytes, int at) {
    if (bytes.length - at < 12) {
      return -1;
    }
    int length = ByteBuffer.wrap(bytes).getInt(at);
    return length < 0 || length > bytes.length - at - 12 ? -1 : length;
  }

  static String type(byte[] bytes, int at) {
    return new String(bytes, at + 4, 4, StandardCharsets.ISO_8859_1);
  }

  private static int sum(byte[] bytes, int from, int length) {
    CRC32 sum = new CRC32();
    sum.update(bytes, from, length);
    return (int) sum.getValue();
  }
}
