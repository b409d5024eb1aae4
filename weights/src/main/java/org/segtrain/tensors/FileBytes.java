package org.segtrain.tensors;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.segtrain.errors.Counted;
import org.segtrain.errors.DataException;
import org.segtrain.errors.IoReason;

/** The bytes of a file by position. Positions are checked, because the file itself names them. */
final class FileBytes implements AutoCloseable {

  private static final String POINTER = "version https://git-lfs";

  private final Path file;
  private final FileChannel channel;
  private final long size;

  private FileBytes(Path file, FileChannel channel, long size) {
    this.file = file;
    this.channel = channel;
    this.size = size;
  }

  static FileBytes open(Path file) {
    if (Files.isDirectory(file)) {
      throw new DataException("cannot read %s: it is a folder".formatted(file));
    }
    if (Files.exists(file) && !Files.isRegularFile(file)) { // to open a pipe may take for ever
      throw new DataException("cannot read %s: it is a device or a pipe".formatted(file));
    }
    try {
      FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
      FileBytes bytes = new FileBytes(file, channel, channel.size());
      bytes.refusePointer();
      return bytes;
    } catch (IOException e) {
      throw new DataException("cannot read %s: %s".formatted(file, IoReason.of(e)), e);
    }
  }

  /** Refuses a pointer of Git LFS. */
  private void refusePointer() {
    if (size >= POINTER.length()
        && new String(bytes(0, POINTER.length()), StandardCharsets.ISO_8859_1).equals(POINTER)) {
      close();
      throw new DataException(
          "%s is a pointer of Git LFS, and not the file; fetch it with git lfs pull"
              .formatted(file));
    }
  }

  Path file() {
    return file;
  }

  long size() {
    return size;
  }

  /** The {@code length} bytes from {@code position}, little-endian. */
  ByteBuffer read(long position, long length) {
    return ByteBuffer.wrap(bytes(position, length)).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The {@code length} bytes from {@code position}. */
  byte[] bytes(long position, long length) {
    requireWithin(position, length);
    byte[] bytes = new byte[Math.toIntExact(length)];
    fill(ByteBuffer.wrap(bytes), position);
    return bytes;
  }

  /** Reads from {@code position} until {@code bytes} is full. */
  void fill(ByteBuffer bytes, long position) {
    requireWithin(position, bytes.remaining());
    long at = position;
    try {
      while (bytes.hasRemaining()) {
        int count = channel.read(bytes, at);
        if (count < 0) {
          throw broken("it was cut to %s while it was read".formatted(Counted.of(at, "byte")));
        }
        at += count;
      }
    } catch (IOException e) {
      throw new DataException("cannot read %s: %s".formatted(file, IoReason.of(e)), e);
    }
  }

  /** The {@code length} bytes from {@code position}, mapped and not copied. */
  ByteBuffer map(long position, long length) {
    requireWithin(position, length);
    if (length > Integer.MAX_VALUE) {
      throw broken("numbers of one tensor lie over %d bytes, more than 2 GB".formatted(length));
    }
    try {
      return channel.map(FileChannel.MapMode.READ_ONLY, position, length);
    } catch (IOException e) {
      throw new DataException("cannot read %s: %s".formatted(file, IoReason.of(e)), e);
    }
  }

  /** Refuses a part that the file is too short for. */
  void requireWithin(long position, long length) {
    if (position < 0 || length < 0 || position > size - length) {
      throw broken(
          "it names %s from %d, but has %d".formatted(Counted.of(length, "byte"), position, size));
    }
  }

  DataException broken(String why) {
    return new DataException(
        "%s is broken: %s; copy or download it again, or use another".formatted(file, why));
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new DataException("cannot close %s: %s".formatted(file, IoReason.of(e)), e);
    }
  }
}
