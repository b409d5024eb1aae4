package org.segtrain.data;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The parts of a PNG file. ImageIO does not verify their check sums: a flipped bit would pass as
 * labels.
 */
final class PngChunks {

  private static final String LAST = "IEND";
  private static final Set<String> PIXELS = Set.of("IHDR", "PLTE", "IDAT", LAST);

  /** As much of a file as {@link #signed} touches. */
  static final int SIGNED_HEAD = 80;

  private static final String TRANSPARENCY = "tRNS";

  private PngChunks() {}

  /**
   * The file, with its last part if that alone is missing. Refuses it if a part of its pixels
   * differs from its check sum or is missing; other parts are only metadata.
   */
  static byte[] whole(Path file, byte[] bytes) {
    int at = Long.BYTES;
    String type = "";
    while (!type.equals(LAST)) {
      int length = length(bytes, at);
      if (length < 0) {
        return ended(file, bytes, at);
      }
      type = type(bytes, at);
      if (sum(bytes, at + 4, length + 4) != ByteBuffer.wrap(bytes).getInt(at + 8 + length)) {
        refuseOrWarn(file, type);
      }
      at += 12 + length;
    }
    if (at < bytes.length) {
      Warnings.say(
          "%s has %d bytes behind its end, which are left out; its pixels are whole"
              .formatted(file, bytes.length - at));
    }
    return bytes;
  }

  /** A file that stops at {@code at}, before its last part. */
  private static byte[] ended(Path file, byte[] bytes, int at) {
    if (!hasAllPixels(bytes, at)) {
      throw Decoding.damaged(file, "truncated after %d bytes".formatted(bytes.length), null);
    }
    Warnings.say("%s has no end; its pixels are whole".formatted(file));
    byte[] name = LAST.getBytes(StandardCharsets.ISO_8859_1);
    ByteBuffer whole = ByteBuffer.allocate(at + 12).put(bytes, 0, at).putInt(0).put(name);
    return whole.putInt(sum(name, 0, name.length)).array();
  }

  /** Whether what is packed in the parts before {@code end} is there to its last byte. */
  private static boolean hasAllPixels(byte[] bytes, int end) {
    Inflater inflater = new Inflater();
    byte[] pixels = new byte[1 << 16];
    try {
      for (int at = Long.BYTES; at < end; at += 12 + length(bytes, at)) {
        if (type(bytes, at).equals("IDAT")) {
          inflater.setInput(bytes, at + 8, length(bytes, at));
          int unpacked;
          do {
            unpacked = inflater.inflate(pixels); // only whether it ends counts
          } while (unpacked > 0);
        }
      }
      return inflater.finished();
    } catch (DataFormatException e) {
      return false;
    } finally {
      inflater.end();
    }
  }

  private static void refuseOrWarn(Path file, String type) {
    boolean counts = PIXELS.contains(type) && !type.equals(LAST); // which is empty
    if (counts || type.equals(TRANSPARENCY)) {
      throw Decoding.damaged(file, "wrong check sum in its part %s".formatted(type), null);
    }
    Warnings.say(
        "%s has a broken part %s, which is left out; its pixels are whole".formatted(file, type));
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

  /** With a word that says who wrote it, behind its header. */
  static byte[] signed(byte[] png, String software) {
    byte[] text = ("tEXtSoftware\0" + software).getBytes(StandardCharsets.ISO_8859_1);
    ByteBuffer chunk = ByteBuffer.allocate(text.length + 8).putInt(text.length - 4).put(text);
    chunk.putInt(sum(text, 0, text.length));
    int header = Long.BYTES + 12 + length(png, Long.BYTES);
    return ByteBuffer.allocate(png.length + chunk.capacity())
        .put(png, 0, header)
        .put(chunk.flip())
        .put(png, header, png.length - header)
        .array();
  }

  /** Whether that word is in the beginning of a file. */
  static boolean isSigned(byte[] head, String software) {
    String text = new String(head, StandardCharsets.ISO_8859_1);
    return ImageFormat.of(head).filter(ImageFormat.PNG::equals).isPresent()
        && text.contains("tEXtSoftware\0" + software);
  }

  /** The length of the part at {@code at}, or -1 if the file ends before it does. */
  private static int length(byte[] bytes, int at) {
    if (bytes.length - at < 12) {
      return -1;
    }
    int length = ByteBuffer.wrap(bytes).getInt(at);
    return length < 0 || length > bytes.length - at - 12 ? -1 : length;
  }

  private static String type(byte[] bytes, int at) {
    return new String(bytes, at + 4, 4, StandardCharsets.ISO_8859_1);
  }

  private static int sum(byte[] bytes, int from, int length) {
    CRC32 sum = new CRC32();
    sum.update(bytes, from, length);
    return (int) sum.getValue();
  }
}
