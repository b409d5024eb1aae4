package org.segtrain.onnx;

import static java.nio.charset.StandardCharsets.US_ASCII;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;
import org.segtrain.errors.DataException;

/**
 * The checksum of a file, computed with zeros in its place: the eight digits of the last text,
 * which end the file. ONNX has none, and runtimes compute with damaged weights.
 */
final class FileSum {

  private static final String NAME = "crc32c";
  private static final String UNKNOWN = "00000000";

  private FileSum() {}

  /** A model with its check sum behind its other texts. */
  static ModelProto added(ModelProto model) throws IOException {
    CRC32C sum = new CRC32C();
    added(model, UNKNOWN).writeTo(new CheckedOutputStream(OutputStream.nullOutputStream(), sum));
    return added(model, hex(sum));
  }

  private static ModelProto added(ModelProto model, String sum) {
    return model.toBuilder()
        .addMetadataProps(StringStringEntryProto.newBuilder().setKey(NAME).setValue(sum))
        .build();
  }

  /**
   * Refuses a file that differs from its check sum, if it has one.
   *
   * @throws DataException if it does
   */
  static void require(Path file) throws IOException {
    byte[] end = added(ModelProto.getDefaultInstance(), UNKNOWN).toByteArray();
    byte[] last = last(file, end.length);
    int digits = end.length - UNKNOWN.length();
    if (last.length < end.length || !Arrays.equals(last, 0, digits, end, 0, digits)) {
      return; // it is of another program, or from before there were any
    }
    CRC32C sum = new CRC32C();
    try (InputStream in = Files.newInputStream(file)) {
      update(sum, in, Files.size(file) - UNKNOWN.length());
    }
    sum.update(UNKNOWN.getBytes(US_ASCII));
    String written = new String(last, digits, UNKNOWN.length(), US_ASCII);
    if (!written.equals(hex(sum))) {
      throw new DataException(
          "%s is damaged: it has the checksum %s, where it was written with %s; copy it again"
              .formatted(file, hex(sum), written));
    }
  }

  private static byte[] last(Path file, int length) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      in.skipNBytes(Math.max(0, Files.size(file) - length));
      return in.readAllBytes();
    }
  }

  private static void update(CRC32C sum, InputStream in, long length) throws IOException {
    byte[] some = new byte[1 << 16];
    for (long left = length; left > 0; ) {
      int count = in.readNBytes(some, 0, (int) Math.min(left, some.length));
      if (count == 0) {
        throw new EOFException("it was cut while it was read");
      }
      sum.update(some, 0, count);
      left -= count;
    }
  }

  private static String hex(CRC32C sum) {
    return "%08x".formatted(sum.getValue());
  }
}
