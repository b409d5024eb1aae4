package org.segtrain.tensors;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.segtrain.errors.Counted;

/**
 * The list of entries at the end of a zip file, with their positions, which {@link
 * java.util.zip.ZipFile} keeps to itself. Numbers and signatures are those of PKWARE's APPNOTE,
 * sections 4.3.12 and 4.3.14 to 4.3.16.
 */
final class ZipDirectory {

  private static final int CENTRAL = 0x02014b50;
  private static final int END = 0x06054b50;
  private static final int LOCATOR_64 = 0x07064b50;
  private static final int END_64 = 0x06064b50;

  private static final int CENTRAL_LENGTH = 46;
  private static final int END_LENGTH = 22;
  private static final int LOCATOR_LENGTH = 20;
  private static final int END_64_LENGTH = 56;
  private static final int LONGEST_COMMENT = 0xffff;
  private static final long IN_EXTRA = 0xffffffffL; // the number is in the extra field
  private static final int WIDE = 1; // the extra field of such numbers
  private static final int ENCRYPTED = 1;

  private static final int LONGEST = 16 << 20; // 100,000 entries of 160 bytes

  /**
   * An entry.
   *
   * @param header the position of its own header, before its bytes
   */
  record Entry(int method, long compressed, long size, long header) {}

  private final FileBytes file;
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  private ZipDirectory(FileBytes file) {
    this.file = file;
  }

  /** The entries by their names. */
  static Map<String, Entry> read(FileBytes file) {
    ZipDirectory directory = new ZipDirectory(file);
    try {
      ByteBuffer central = directory.central();
      while (central.hasRemaining()) {
        directory.add(central);
      }
    } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException e) {
      throw file.broken("its list of entries makes no sense");
    }
    return directory.entries;
  }

  private ByteBuffer central() {
    long end = end();
    ByteBuffer fields = file.read(end, END_LENGTH);
    long length = fields.getInt(12) & 0xffffffffL;
    long position = fields.getInt(16) & 0xffffffffL;
    ByteBuffer locator = file.read(Math.max(0, end - LOCATOR_LENGTH), LOCATOR_LENGTH);
    if (locator.getInt(0) == LOCATOR_64) {
      ByteBuffer wide = file.read(locator.getLong(8), END_64_LENGTH);
      if (wide.getInt(0) != END_64) {
        throw file.broken("its list of entries is not where it says");
      }
      length = wide.getLong(40);
      position = wide.getLong(48);
    }
    if (length > LONGEST) {
      throw file.broken("its list of entries has %s".formatted(Counted.of(length, "byte")));
    }
    return file.read(position, length);
  }

  /** The position of the last record, behind which only a comment lies. */
  private long end() {
    long from = Math.max(0, file.size() - END_LENGTH - LONGEST_COMMENT);
    ByteBuffer tail = file.read(from, file.size() - from);
    for (int at = tail.capacity() - END_LENGTH; at >= 0; at--) {
      if (tail.getInt(at) == END
          && at + END_LENGTH + (tail.getShort(at + 20) & 0xffff) == tail.capacity()) {
        return from + at;
      }
    }
    throw file.broken("it ends before its list of entries");
  }

  private void add(ByteBuffer central) {
    int start = central.position();
    central.position(start + CENTRAL_LENGTH);
    if (central.getInt(start) != CENTRAL || (central.getShort(start + 8) & ENCRYPTED) != 0) {
      throw file.broken("its list of entries makes no sense, or they are encrypted");
    }
    byte[] name = new byte[central.getShort(start + 28) & 0xffff];
    central.get(name);
    int extraEnd = central.position() + (central.getShort(start + 30) & 0xffff);
    long[] wide = { // in the order of the extra field
      central.getInt(start + 24) & 0xffffffffL,
      central.getInt(start + 20) & 0xffffffffL,
      central.getInt(start + 42) & 0xffffffffL
    };
    widen(wide, central, extraEnd);
    central.position(extraEnd + (central.getShort(start + 32) & 0xffff));
    int method = central.getShort(start + 10) & 0xffff;
    Entry entry = new Entry(method, wide[1], wide[0], wide[2]);
    String text = new String(name, StandardCharsets.UTF_8);
    if (wide[0] < 0 || wide[1] < 0 || entries.put(text, entry) != null) {
      throw file.broken("its list of entries makes no sense, or has one twice");
    }
  }

  private static void widen(long[] sizes, ByteBuffer central, int extraEnd) {
    while (central.position() + 4 <= extraEnd) {
      int kind = central.getShort() & 0xffff;
      int next = (central.getShort() & 0xffff) + central.position();
      for (int i = 0; kind == WIDE && i < sizes.length; i++) {
        sizes[i] = sizes[i] == IN_EXTRA ? central.getLong() : sizes[i];
      }
      central.position(next);
    }
  }
}
