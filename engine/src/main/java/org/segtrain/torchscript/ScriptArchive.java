package org.segtrain.torchscript;

import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A TorchScript file being written: a zip without compression, whose entries begin at multiples of
 * 64 bytes, as PyTorch's own do, so that it can map them into memory. The same content gives the
 * same bytes.
 */
final class ScriptArchive implements AutoCloseable {

  private static final int ALIGNMENT = 64;
  private static final int LOCAL_HEADER = 30; // without name and extra field
  private static final int EXTRA_HEADER = 4; // of a field
  private static final short PADDING = 0x4246; // the kind of field that PyTorch pads with

  /** Of every entry; Java adds a field of its own to the first day that a zip can name. */
  private static final LocalDateTime NEVER = LocalDateTime.of(1980, 2, 1, 0, 0);

  private final Counting counting;
  private final ZipOutputStream zip;

  ScriptArchive(Path file) throws IOException {
    counting = new Counting(new BufferedOutputStream(Files.newOutputStream(file), 1 << 16));
    zip = new ZipOutputStream(counting);
    zip.setMethod(ZipOutputStream.STORED);
  }

  void put(String name, String text) throws IOException {
    put(name, text.getBytes(StandardCharsets.UTF_8));
  }

  void put(String name, byte[] content) throws IOException {
    put(name, ByteBuffer.wrap(content));
  }

  void put(String name, ByteBuffer content) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(content.duplicate());
    ZipEntry entry = new ZipEntry("model/" + name);
    entry.setTimeLocal(NEVER);
    entry.setSize(content.remaining());
    entry.setCrc(crc.getValue());
    entry.setExtra(padding(entry.getName().getBytes(StandardCharsets.UTF_8).length));
    zip.putNextEntry(entry);
    byte[] chunk = new byte[1 << 16];
    while (content.hasRemaining()) {
      int length = Math.min(chunk.length, content.remaining());
      content.get(chunk, 0, length);
      zip.write(chunk, 0, length);
    }
    zip.closeEntry();
  }

  private byte[] padding(int nameLength) {
    long start = counting.count + LOCAL_HEADER + nameLength + EXTRA_HEADER;
    int length = (int) Math.floorMod(-start, (long) ALIGNMENT);
    return ByteBuffer.allocate(EXTRA_HEADER + length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putShort(PADDING)
        .putShort((short) length)
        .array();
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }

  /** Knows how many bytes went through it. */
  private static final class Counting extends FilterOutputStream {

    private long count;

    Counting(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int value) throws IOException {
      out.write(value);
      count++;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
      count += length;
    }
  }
}
