package org.segtrain.data;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.segtrain.errors.Counted;
import org.segtrain.files.Regular;

/** The parts of a PNG that is too large for the memory, read once from the first to the last. */
final class LargePng {

  private final Path file;
  private final List<String> broken = new ArrayList<>();
  private final byte[] some = new byte[1 << 16];
  private boolean hasPixels;
  private long unpacked; // bytes
  private long needed = Long.MAX_VALUE; // of them

  private LargePng(Path file) {
    this.file = file;
  }

  /**
   * Refuses a file if pixels are missing, or a part that is needed differs from its check sum. Its
   * last part may be missing.
   *
   * @throws org.segtrain.errors.DataException if it is so, or the file cannot be read
   */
  static void require(Path file) {
    LargePng png = new LargePng(file);
    try {
      boolean hasEnd = png.read(null);
      if (png.hasPixels && (!hasEnd || !png.broken.isEmpty())) {
        png.requirePixels();
      }
      PngChunks.warn(file, png.broken, png.hasPixels);
      if (!hasEnd) {
        Warnings.say("%s has no end; its pixels are whole".formatted(file));
      }
    } catch (EOFException e) {
      throw Decoding.damaged(
          file, "truncated after " + Counted.of(file.toFile().length(), "byte"), e);
    } catch (IOException e) {
      throw ImageFiles.unreadable(file, e);
    }
  }

  private void requirePixels() throws IOException {
    Inflater inflater = new Inflater();
    try {
      LargePng again = new LargePng(file);
      again.needed = PngChunks.unpacked(head());
      again.read(inflater);
      if (!inflater.finished() && again.unpacked < again.needed) {
        throw new EOFException();
      }
    } finally {
      inflater.end();
    }
  }

  private byte[] head() throws IOException {
    try (InputStream in = Regular.open(file)) {
      return in.readNBytes(ImageFormat.HEAD);
    }
  }

  /**
   * Reads it.
   *
   * @param inflater gets the packed pixels, and unpacks them; or null
   * @return whether it has its last part
   * @throws EOFException if it ends within a part
   */
  private boolean read(Inflater inflater) throws IOException {
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      in.skipNBytes(Long.BYTES);
      String type = "";
      while (!type.equals(PngChunks.LAST)) {
        int first = in.read();
        if (first < 0) {
          return false;
        }
        type = readPart(in, first, inflater);
      }
      return true;
    }
  }

  private String readPart(DataInputStream in, int first, Inflater inflater) throws IOException {
    in.readFully(some, 0, 7);
    long left =
        (long) first << 24 | (some[0] & 0xFF) << 16 | (some[1] & 0xFF) << 8 | (some[2] & 0xFF);
    String type = PngChunks.type(some, -1);
    boolean isData = type.equals(PngChunks.DATA);
    CRC32 sum = new CRC32();
    sum.update(some, 3, 4);
    while (left > 0) {
      int read = in.read(some, 0, (int) Math.min(left, some.length));
      if (read < 0) {
        throw new EOFException();
      }
      sum.update(some, 0, read);
      left -= read;
      if (isData && inflater != null && unpacked < needed) {
        unpack(inflater, read);
      }
    }
    if (in.readInt() != (int) sum.getValue()) {
      PngChunks.refuseIfNeeded(file, type);
      broken.add(type);
    }
    hasPixels |= isData;
    return type;
  }

  private void unpack(Inflater inflater, int length) {
    byte[] pixels = new byte[1 << 16];
    inflater.setInput(some, 0, length);
    try {
      int some;
      do {
        some = inflater.inflate(pixels); // only how many there are counts
        unpacked += some;
      } while (some > 0 && unpacked < needed);
    } catch (DataFormatException e) {
      throw Decoding.damaged(file, "its pixels cannot be unpacked", e);
    }
  }
}
