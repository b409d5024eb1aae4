package org.segtrain.tensors;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.segtrain.errors.Counted;

/** The entries of a zip file: where their bytes lie, or the bytes. */
final class ZipContents {

  private static final int LOCAL = 0x04034b50;
  private static final int LOCAL_LENGTH = 30;
  private static final int STORED = 0;
  private static final int DEFLATED = 8;

  private final FileBytes file;
  private final Allowance allowance;
  private final Map<String, ZipDirectory.Entry> entries;

  ZipContents(FileBytes file, Allowance allowance) {
    this.file = file;
    this.allowance = allowance;
    this.entries = ZipDirectory.read(file);
  }

  Iterable<String> names() {
    return entries.keySet();
  }

  boolean has(String name) {
    return entries.containsKey(name);
  }

  /** Where the bytes of an entry that is not compressed lie. */
  Extent stored(String name) {
    ZipDirectory.Entry entry = entries.get(name);
    if (entry.method() != STORED || entry.size() != entry.compressed()) {
      throw file.broken("its entry %s is compressed, which PyTorch never does".formatted(name));
    }
    return extent(entry);
  }

  /** The content of an entry of moderate size. */
  ByteBuffer read(String name) {
    ZipDirectory.Entry entry = entries.get(name);
    if (!allowance.inflates(Math.max(entry.size(), entry.compressed()))) {
      throw file.broken("its entry %s has %s".formatted(name, Counted.of(entry.size(), "byte")));
    }
    Extent extent = extent(entry);
    ByteBuffer bytes = file.read(extent.position(), extent.length());
    return entry.method() == STORED ? bytes : inflated(name, entry, bytes);
  }

  private ByteBuffer inflated(String name, ZipDirectory.Entry entry, ByteBuffer bytes) {
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

  private Extent extent(ZipDirectory.Entry entry) {
    ByteBuffer local = file.read(entry.header(), LOCAL_LENGTH);
    if (local.getInt() != LOCAL) {
      throw file.broken("it has no entry at %d".formatted(entry.header()));
    }
    int names = (local.getShort(26) & 0xffff) + (local.getShort(28) & 0xffff);
    long position = entry.header() + LOCAL_LENGTH + names;
    file.requireWithin(position, entry.compressed());
    return new Extent(position, entry.compressed());
  }
}
