package org.segtrain.tensors;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32C;
import org.segtrain.errors.DataException;

/**
 * A safetensors file: arrays by name and strings by name, readable by the tools of every framework.
 * The length of a JSON header, the header, then the bytes of the arrays. A checksum among the
 * strings covers header and arrays.
 */
public final class SafeTensors implements AutoCloseable {

  private static final String METADATA = "__metadata__";
  private static final String CHECKSUM = "crc32c";
  private static final String UNKNOWN = "00000000"; // its value while it is computed
  private static final int LONGEST_HEADER = 100_000_000; // as the format says
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Map<DataType, String> TYPES =
      Map.of(DataType.FLOAT32, "F32", DataType.INT64, "I64");

  private record Entry(DataType type, Shape shape, long begin, long end) {}

  private final Path file;
  private final FileChannel channel;
  private final long dataStart;
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final Map<String, String> metadata = new LinkedHashMap<>();

  private SafeTensors(Path file, FileChannel channel) throws IOException {
    this.file = file;
    this.channel = channel;
    if (channel.size() < Long.BYTES) {
      throw broken("%d bytes long, too short for a header".formatted(channel.size()));
    }
    long length = read(0, Long.BYTES).getLong();
    if (length < 2 || length > LONGEST_HEADER || length > channel.size() - Long.BYTES) {
      throw broken("no header of %d bytes fits into its %d".formatted(length, channel.size()));
    }
    this.dataStart = Long.BYTES + length;
    byte[] header = read(Long.BYTES, (int) length).array();
    try {
      parse(JSON.readTree(header));
    } catch (IOException | IllegalArgumentException | NullPointerException e) {
      throw broken("its header is not that of a safetensors file");
    }
  }

  /** Writes a file and waits until the disk has it. */
  public static void write(Path file, Map<String, String> metadata, Map<String, NDArray> arrays)
      throws IOException {
    byte[] draft = header(metadata, arrays, UNKNOWN);
    try (FileChannel out =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      long position = writeFully(out, ByteBuffer.wrap(draft), 0);
      CRC32C checksum = new CRC32C();
      checksum.update(draft);
      for (NDArray array : arrays.values()) {
        ByteBuffer bytes = array.toByteBuffer();
        checksum.update(bytes.duplicate());
        position = writeFully(out, bytes, position);
      }
      byte[] header = header(metadata, arrays, hex(checksum)); // of the same length
      writeFully(out, ByteBuffer.wrap(header), 0);
      out.force(true);
    }
  }

  private static byte[] header(
      Map<String, String> metadata, Map<String, NDArray> arrays, String checksum) {
    ObjectNode root = JSON.createObjectNode();
    ObjectNode strings = root.putObject(METADATA);
    metadata.forEach(strings::put);
    strings.put(CHECKSUM, checksum);
    long begin = 0;
    for (Map.Entry<String, NDArray> named : arrays.entrySet()) {
      NDArray array = named.getValue();
      long end = begin + array.size() * array.getDataType().getNumOfBytes();
      ObjectNode entry = root.putObject(named.getKey());
      entry.put("dtype", TYPES.get(array.getDataType()));
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

  /**
   * Opens a file and checks that it is whole.
   *
   * @throws DataException if it is not
   */
  public static SafeTensors open(Path file) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    try {
      SafeTensors tensors = new SafeTensors(file, channel);
      tensors.verify();
      return tensors;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** The strings, without the checksum. */
  public Map<String, String> metadata() {
    return Collections.unmodifiableMap(metadata);
  }

  /** The shapes of the arrays by their names. */
  public Map<String, Shape> shapes() {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    entries.forEach((name, entry) -> shapes.put(name, entry.shape()));
    return shapes;
  }

  /** Reads the array of that name. */
  public NDArray read(NDManager manager, String name) throws IOException {
    Entry entry = entries.get(name);
    ByteBuffer bytes =
        read(dataStart + entry.begin(), Math.toIntExact(entry.end() - entry.begin()));
    return manager.create(bytes, entry.shape(), entry.type());
  }

  private void parse(JsonNode root) {
    root.properties()
        .forEach(
            field -> {
              JsonNode value = field.getValue();
              if (field.getKey().equals(METADATA)) {
                value.properties().forEach(e -> metadata.put(e.getKey(), e.getValue().asText()));
              } else {
                entries.put(field.getKey(), entry(value));
              }
            });
  }

  private static Entry entry(JsonNode value) {
    DataType type =
        TYPES.entrySet().stream()
            .filter(known -> known.getValue().equals(value.get("dtype").asText()))
            .map(Map.Entry::getKey)
            .findFirst()
            .orElseThrow(IllegalArgumentException::new);
    JsonNode sizes = value.get("shape");
    long[] shape = new long[sizes.size()];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = sizes.get(i).asLong();
    }
    JsonNode offsets = value.get("data_offsets");
    Entry entry =
        new Entry(type, new Shape(shape), offsets.get(0).asLong(), offsets.get(1).asLong());
    if (entry.begin() < 0
        || entry.end() - entry.begin() != entry.shape().size() * type.getNumOfBytes()) {
      throw new IllegalArgumentException();
    }
    return entry;
  }

  private void verify() throws IOException {
    long length = entries.values().stream().mapToLong(Entry::end).max().orElse(0);
    if (dataStart + length != channel.size()) {
      throw broken("%d bytes long instead of %d".formatted(channel.size(), dataStart + length));
    }
    String expected = metadata.remove(CHECKSUM);
    if (expected == null) {
      throw broken("it has no checksum, so segtrain did not write it");
    }
    CRC32C checksum = new CRC32C();
    checksum.update(draftOfHeader(expected));
    ByteBuffer chunk = ByteBuffer.allocate(1 << 16);
    for (long position = dataStart; position < channel.size(); position += chunk.limit()) {
      chunk.clear();
      chunk.limit((int) Math.min(chunk.capacity(), channel.size() - position));
      readFully(chunk, position);
      checksum.update(chunk.flip());
    }
    if (!expected.equals(hex(checksum))) {
      throw broken("its checksum is %s instead of %s".formatted(hex(checksum), expected));
    }
  }

  /** The header as it was when its checksum was computed. */
  private byte[] draftOfHeader(String checksum) throws IOException {
    byte[] bytes = read(0, (int) dataStart).array();
    String field = "\"%s\":\"%s\"";
    return new String(bytes, StandardCharsets.ISO_8859_1)
        .replace(field.formatted(CHECKSUM, checksum), field.formatted(CHECKSUM, UNKNOWN))
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String hex(CRC32C checksum) {
    return "%08x".formatted(checksum.getValue());
  }

  private ByteBuffer read(long position, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    readFully(bytes, position);
    return bytes.flip();
  }

  private void readFully(ByteBuffer bytes, long position) throws IOException {
    long at = position;
    while (bytes.hasRemaining()) {
      int count = channel.read(bytes, at);
      if (count < 0) {
        throw broken("it ends after %d bytes".formatted(channel.size()));
      }
      at += count;
    }
  }

  private static long writeFully(FileChannel out, ByteBuffer bytes, long position)
      throws IOException {
    long at = position;
    while (bytes.hasRemaining()) {
      at += out.write(bytes, at);
    }
    return at;
  }

  private DataException broken(String why) {
    return new DataException(
        "%s is broken: %s; use another checkpoint or train again".formatted(file, why));
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
