package org.segtrain.tensors;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Zip files of PyTorch's form, made by hand. */
final class Zips {

  private Zips() {}

  /** One with that pickle and one storage, {@code 0}, of 16 bytes. */
  static byte[] of(byte[] pickle) throws IOException {
    return of(Map.of("data.pkl", pickle, "data/0", new byte[16]), ZipOutputStream.STORED);
  }

  /** One with those entries. */
  static byte[] of(Map<String, byte[]> entries, int method) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.setMethod(method);
      for (Map.Entry<String, byte[]> named : entries.entrySet()) {
        ZipEntry entry = new ZipEntry("any/" + named.getKey());
        CRC32 crc = new CRC32();
        crc.update(named.getValue());
        entry.setCrc(crc.getValue());
        entry.setSize(named.getValue().length);
        zip.putNextEntry(entry);
        zip.write(named.getValue());
        zip.closeEntry();
      }
    }
    return bytes.toByteArray();
  }
}
