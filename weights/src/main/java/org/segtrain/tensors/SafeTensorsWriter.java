package org.segtrain.tensors;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.CRC32C;
import org.segtrain.errors.DataException;
import org.segtrain.files.Draft;

/** Writes the safetensors form, readable by the tools of every framework. */
public final class SafeTensorsWriter {

  private static final ObjectMapper JSON = new ObjectMapper();

  private SafeTensorsWriter() {}

  /**
   * Writes {@code file}, or leaves what was there as it was.
   *
   * @param metadata strings to go with the arrays
   * @param floats how arrays of FLOAT32 are stored: F32, F16 or BF16, rounded to the nearest
   * @throws DataException if it cannot be written
   */
  public static void write(
      Path file, Map<String, String> metadata, Map<String, NDArray> arrays, ElementType floats) {
    refuseReserved(file, arrays);
    ArrayFile.write(
        file, ArrayBytes.size(arrays, floats), out -> write(out, metadata, arrays, floats));
  }

  private static void refuseReserved(Path file, Map<String, NDArray> arrays) {
    if (arrays.containsKey(SafeTensorsHeader.METADATA)) {
      throw new DataException(
          "cannot write %s: an array is called %s, which safetensors keeps for itself; write a .pth, or rename it"
              .formatted(file, SafeTensorsHeader.METADATA));
    }
  }

  private static void write(
      FileChannel out,
      Map<String, String> metadata,
      Map<String, NDArray> arrays,
      ElementType floats)
      throws IOException {
    byte[] draft = header(metadata, arrays, floats, SafeTensorsReader.UNKNOWN);
    Draft.append(out, ByteBuffer.wrap(draft));
    CRC32C checksum = new CRC32C();
    checksum.update(draft);
    for (NDArray array : arrays.values()) {
      ByteBuffer bytes = ArrayBytes.of(array, floats);
      checksum.update(bytes.duplicate());
      Draft.append(out, bytes);
    }
    out.position(0);
    byte[] header = header(metadata, arrays, floats, SafeTensorsReader.hex(checksum));
    Draft.append(out, ByteBuffer.wrap(header)); // of the same length
  }

  private static byte[] header(
      Map<String, String> metadata,
      Map<String, NDArray> arrays,
      ElementType floats,
      String checksum) {
    ObjectNode root = JSON.createObjectNode();
    ObjectNode strings = root.putObject(SafeTensorsHeader.METADATA);
    metadata.forEach(strings::put);
    strings.put(SafeTensorsReader.CHECKSUM, checksum);
    long begin = 0;
    for (Map.Entry<String, NDArray> named : arrays.entrySet()) {
      NDArray array = named.getValue();
      ElementType type = ArrayBytes.type(array, floats);
      long end = begin + array.size() * type.bytes();
      ObjectNode entry = root.putObject(named.getKey());
      entry.put("dtype", type.name());
      for (long size : array.getShape().getShape()) {
        entry.withArray("shape").add(size);
      }
      entry.withArray("shape"); // a scalar has an empty one
      entry.putArray("data_offsets").add(begin).add(end);
      begin = end;
    }
    byte[] json = (root + "       ").getBytes(StandardCharsets.UTF_8);
    int length = json.length / 8 * 8; // so that the arrays are aligned
    return ByteBuffer.allocate(Long.BYTES + length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(length)
        .put(json, 0, length)
        .array();
  }
}
