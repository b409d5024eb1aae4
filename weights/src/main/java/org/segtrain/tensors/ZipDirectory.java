package org.segtrain.tensors;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Where the entries of a zip file lie, which {@link java.util.zip.ZipFile} keeps to itself. Numbers
 * and signatures are those of PKWARE's APPNOTE, sections 4.3.7, 4.3.12 and 4.3.14 to 4.3.16.
 */
final class ZipDirectory {

  private static final int LOCAL = 0x04034b50;
  private static final int CENTRAL = 0x02014b50;
  private static final int END = 0x06054b50;
  private static final int LOCATOR_64 = 0x07064b50;
  private static final int END_64 = 0x06064b50;

  private static final int LOCAL_LENGTH = 30;
  private static final int END_LENGTH = 22;
  private static final int LOCATOR_LENGTH = 20;
  private static final int END_64_LENGTH = 56;
  private static final long IN_EXTRA = 0xffffffffL;
  private static final int ENCRYPTED = 1;
  private static final int STORED = 0;
  private static final int DEFLATED = 8;

  private static final int LONGEST = 16 << 20; // 100,000 entries of 160 bytes
  private static final int MOST_INFLATED = 64 << 20;

  private record Entry(int method, long compressed, long size, long header) {}

  private final FileBytes file;
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  private ZipDirectory(FileBytes file) {
    this.file = file;
  }

  static ZipDirectory of(FileBytes file) {
    ZipDirectory directory = new ZipDirectory(file);
    try {
      ByteBuffer central = directory.central();
      while (central.hasRemaining()) {
        directory.add(central);
      }
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw file.broken("its list of entries makes no sense");
    }
    return directory;
  }

  Iterable<String> names() {
    return entries.keySet();
  }

  boolean has(String name) {
    return entries.containsKey(name);
  }

  /** Where the bytes of an entry that is not compressed lie. */
  Extent stored(String name) {
    Entry entry = entries.get(name);
    if (entry.method() != STORED || entry.size() != entry.compressed()) {
      throw file.broken("its entry %s is compressed, which PyTorch never does".formatted(name));
    }
    return extent(entry);
  }

  /** The content of an entry of moderate size. */
  ByteBuffer read(String name) {
    Entry entry = entries.get(name);
    if (entry.size() > MOST_INFLATED || entry.compressed() > MOST_INFLATED) {
      throw file.broken("its entry %s has %d bytes".formatted(name, entry.size()));
    }
    Extent extent = extent(entry);
    ByteBuffer bytes = file.read(extent.position(), extent.length());
    return entry.method() == STORED ? bytes : inflated(name, entry, bytes);
  }

  private ByteBuffer inflated(String name, Entry entry, ByteBuffer bytes) {
    Inflater inflater = new Inflater(true);
    try {
      byte[] content = new byte[(int) entry.size()];
      inflater.setInput(bytes);
      boolean filled = entry.method() == DEFLATED && inflater.inflate(content) == content.length;
      if (!filled || inflater.inflate(new byte[1]) != 0) {
        throw file.broken("its entry %s has another length than it says".formatted(name));
      }
      return ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    } catch (DataFormatException e) {
      throw file.broken("its entry %s cannot be decompressed".formatted(name));
    } finally {
      inflater.end();
    }
  }

  private Extent extent(Entry entry) {
    ByteBuffer local = file.read(entry.header(), LOCAL_LENGTH);
    if (local.getInt() != LOCAL) {
      throw file.broken("it has no entry at %d".formatted(entry.header()));
    }
    int names = (local.getShort(26) & 0xffff) + (local.getShort(28) & 0xffff);
    long position = entry.header() + LOCAL_LENGTH + names;
    file.requireWithin(position, entry.compressed());
    return new Extent(position, entry.compressed());
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
      throw file.broken("its list of entries has %d bytes".formatted(length));
    }
    return file.read(position, length);
  }

  /** The position of the last record, behind which only a comment lies. */
  private long end() {
    long from = Math.max(0, file.size() - END_LENGTH - 0xffff);
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
    central.position(start + 46);
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
      for (int i = 0; kind == 1 && i < sizes.length; i++) {
        sizes[i] = sizes[i] == IN_EXTRA ? central.getLong() : sizes[i];
      }
      central.position(next);
    }
  }
}
