package org.segtrain.tensors;

import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32C;
import org.segtrain.errors.Counted;
import org.segtrain.errors.DataException;

/**
 * Reads the safetensors form: the length of a JSON header, the header, then the bytes of the
 * tensors, without gaps.
 */
public final class SafeTensorsReader {

  /**
   * The string that holds a checksum of header and tensors. Files of {@link SafeTensorsWriter} have
   * it, those of others need not; one that is there must hold.
   */
  public static final String CHECKSUM = "crc32c";

  /** The value of {@link #CHECKSUM} while it is computed. */
  static final String UNKNOWN = "00000000";

  private static final int LONGEST_HEADER = 16 << 20; // 100,000 tensors of 160 bytes
  private static final Set<String> NOT_READ =
      Set.of(
          "F8_E4M3", "F8_E5M2", "F8_E8M0", "F6_E2M3", "F6_E3M2", "F4", "U16", "U32", "U64", "C64");

  private final FileBytes file;
  private final long dataStart;
  private final SafeTensorsHeader header;

  private SafeTensorsReader(FileBytes file) {
    this.file = file;
    if (file.size() < Long.BYTES) {
      throw file.broken(
          "%s long, too short for a header".formatted(Counted.of(file.size(), "byte")));
    }
    long length = file.read(0, Long.BYTES).getLong();
    if (length < 2 || length > file.size() - Long.BYTES) {
      throw file.broken(
          "no header of %s fits into its %d".formatted(Counted.of(length, "byte"), file.size()));
    }
    if (length > LONGEST_HEADER) {
      throw new DataException(
          "%s has a header of %d bytes, but at most %d are read; use a file of fewer tensors"
              .formatted(file.file(), length, LONGEST_HEADER));
    }
    this.dataStart = Long.BYTES + length;
    try {
      this.header = SafeTensorsHeader.parse(file.bytes(Long.BYTES, length));
    } catch (SafeTensorsHeader.BadHeader e) {
      throw file.broken("its header " + e.getMessage());
    } catch (IOException e) {
      throw file.broken("its header is not that of a safetensors file");
    }
  }

  /**
   * Opens a file in this form and checks that it is whole.
   *
   * @throws DataException if it is not
   */
  public static TensorFile open(Path file) {
    FileBytes bytes = FileBytes.open(file);
    try {
      Formats.refuseUnlessSafeTensors(bytes);
      return new OpenTensorFile(bytes, contents(bytes));
    } catch (RuntimeException | Error e) {
      bytes.close();
      throw e;
    }
  }

  static Contents contents(FileBytes file) {
    SafeTensorsReader reader = new SafeTensorsReader(file);
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    reader.header.entries().forEach((name, entry) -> tensors.put(name, reader.tensor(name, entry)));
    reader.requireNoGaps();
    reader.verifyChecksum();
    return new Contents("safetensors", tensors, reader.header.metadata());
  }

  private StoredTensor tensor(String name, SafeTensorsHeader.Entry entry) {
    if (NOT_READ.contains(entry.type())) {
      throw new DataException(
          "%s holds %s as %s, which is not read; save it as F32"
              .formatted(file.file(), name, entry.type()));
    }
    ElementType type = ElementType.find(entry.type());
    if (type == null) {
      throw file.broken("its %s has the type %s".formatted(name, entry.type()));
    }
    long bytes = MemorySpans.bytes(entry.shape(), type);
    if (bytes < 0 || entry.end() - entry.begin() != bytes) {
      throw file.broken(
          "its %s of shape %s does not fill the bytes %d to %d"
              .formatted(name, entry.shape(), entry.begin(), entry.end()));
    }
    file.requireWithin(dataStart, entry.end());
    return StoredTensor.contiguous(
        new TensorInfo(type, new Shape(entry.shape())), dataStart + entry.begin());
  }

  private void requireNoGaps() {
    List<SafeTensorsHeader.Entry> inOrder =
        header.entries().values().stream()
            .sorted(
                Comparator.comparingLong(SafeTensorsHeader.Entry::begin)
                    .thenComparingLong(SafeTensorsHeader.Entry::end))
            .toList();
    long end = 0;
    for (SafeTensorsHeader.Entry entry : inOrder) {
      if (entry.begin() != end) {
        throw file.broken(
            "a tensor begins at %d where the one before ends at %d".formatted(entry.begin(), end));
      }
      end = entry.end();
    }
    if (dataStart + end != file.size()) {
      throw file.broken(
          "%s long instead of %d".formatted(Counted.of(file.size(), "byte"), dataStart + end));
    }
  }

  private void verifyChecksum() {
    String expected = header.metadata().get(CHECKSUM);
    if (expected == null) {
      return;
    }
    CRC32C checksum = new CRC32C();
    checksum.update(draftOfHeader(expected));
    ByteBuffer chunk = ByteBuffer.allocate(1 << 16);
    for (long position = dataStart; position < file.size(); position += chunk.limit()) {
      chunk.clear();
      chunk.limit((int) Math.min(chunk.capacity(), file.size() - position));
      file.fill(chunk, position);
      checksum.update(chunk.flip());
    }
    if (!expected.equals(hex(checksum))) {
      throw file.broken("its checksum is %s instead of %s".formatted(hex(checksum), expected));
    }
  }

  /** The header as it was when its checksum was computed. */
  private byte[] draftOfHeader(String checksum) {
    byte[] bytes = file.bytes(0, dataStart);
    String field = "\"%s\":\"%s\"";
    return new String(bytes, StandardCharsets.ISO_8859_1)
        .replace(field.formatted(CHECKSUM, checksum), field.formatted(CHECKSUM, UNKNOWN))
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  static String hex(CRC32C checksum) {
    return "%08x".formatted(checksum.getValue());
  }
}
