package org.segtrain.tensors;

import ai.djl.ndarray.NDArray;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.segtrain.errors.DataException;

/** Writes a state dict as {@code torch.save} does since PyTorch 1.6, for {@code torch.load}. */
public final class TorchWriter {

  private static final String FOLDER = "archive/";
  private static final String VERSION = "3\n"; // of the zip form
  private static final int ALIGNMENT = 64; // of storages in the file, so that they can be mapped
  private static final int LOCAL_LENGTH = 30;
  private static final int PADDING = 0x4246; // PyTorch's kind of extra field
  private static final int PADDING_LENGTH = 4; // without padding

  private final FileChannel out;
  private final ZipOutputStream zip;
  private final ElementType floats;
  private final IdentityHashMap<NDArray, String> keys = new IdentityHashMap<>();

  private TorchWriter(FileChannel out, ZipOutputStream zip, ElementType floats) {
    this.out = out;
    this.zip = zip;
    this.floats = floats;
  }

  /**
   * Writes {@code file}, or leaves what was there as it was. An array that stands under several
   * names is stored once, and the tensors of PyTorch share their memory.
   *
   * @param floats how arrays of FLOAT32 are stored: F32, F16 or BF16, rounded to the nearest
   * @throws DataException if it cannot be written
   */
  public static void write(Path file, Map<String, NDArray> arrays, ElementType floats) {
    ArrayFile.write(
        file,
        ArrayBytes.size(arrays, floats),
        out -> {
          ZipOutputStream zip =
              new ZipOutputStream(new BufferedOutputStream(Channels.newOutputStream(out)));
          new TorchWriter(out, zip, floats).write(arrays);
          zip.finish();
          zip.flush();
        });
  }

  private void write(Map<String, NDArray> arrays) throws IOException {
    zip.setMethod(ZipOutputStream.STORED);
    put("data.pkl", ByteBuffer.wrap(pickle(arrays)));
    put("byteorder", ascii("little"));
    for (NDArray array : arrays.values()) {
      String key = keys.remove(array);
      if (key != null) { // else it has been written under another name
        put("data/" + key, ArrayBytes.of(array, floats));
      }
    }
    put("version", ascii(VERSION));
  }

  private byte[] pickle(Map<String, NDArray> arrays) {
    PickleWriter pickle = new PickleWriter().dictionary().operation('(');
    arrays.forEach(
        (name, array) -> {
          keys.putIfAbsent(array, String.valueOf(keys.size()));
          pickle.string(name);
          tensor(pickle, array);
        });
    return pickle.operation('u').end();
  }

  /** {@code _rebuild_tensor_v2(storage, offset, size, stride, requires_grad, hooks)}. */
  private void tensor(PickleWriter pickle, NDArray array) {
    StoredTensor layout =
        StoredTensor.contiguous(
            new TensorInfo(ArrayBytes.type(array, floats), array.getShape()), 0);
    pickle.global("torch._utils", "_rebuild_tensor_v2").operation('(').operation('(');
    pickle.string("storage").global("torch", TorchNames.STORAGES.get(layout.info().type()));
    pickle.string(keys.get(array)).string("cpu").number(array.size());
    pickle.operation('t').operation('Q').number(0).tuple(array.getShape().getShape());
    pickle.tuple(layout.strides().stream().mapToLong(Long::longValue).toArray());
    pickle.operation(0x89).dictionary().operation('t').operation('R');
  }

  private void put(String name, ByteBuffer content) throws IOException {
    ZipEntry entry = new ZipEntry(FOLDER + name);
    CRC32 crc = new CRC32();
    crc.update(content.duplicate());
    entry.setCrc(crc.getValue());
    entry.setSize(content.remaining());
    zip.flush();
    long start = out.position() + LOCAL_LENGTH + entry.getName().length() + PADDING_LENGTH;
    entry.setExtra(padding(Math.floorMod(-start, ALIGNMENT)));
    zip.putNextEntry(entry);
    @SuppressWarnings("resource") // closing it would end the zip file
    WritableByteChannel channel = Channels.newChannel(zip);
    while (content.hasRemaining()) {
      channel.write(content);
    }
    zip.closeEntry();
  }

  private static byte[] padding(int length) {
    return ByteBuffer.allocate(PADDING_LENGTH + length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putShort((short) PADDING)
        .putShort((short) length)
        .array();
  }

  private static ByteBuffer ascii(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }
}
