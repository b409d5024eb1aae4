package org.segtrain.engine.internal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A TorchScript file without parameters: an uncompressed zip of code and one pickled module. */
final class Archive {

  /** Version of the operators: PyTorch 1.12 or newer. */
  private static final String VERSION = "10\n";

  /** The empty tuple, in Python's pickle protocol 2. */
  private static final byte[] NO_CONSTANTS = {(byte) 0x80, 2, ')', '.'};

  /**
   * An object of class {@code __torch__.Model} whose only attribute is {@code training = False}.
   */
  private static final String MODULE =
      "\u0080\2c__torch__\nModel\n)\u0081}(X\10\0\0\0training\u0089ub.";

  private Archive() {}

  /** The bytes of an archive whose class {@code Model} has the given methods. */
  static byte[] of(String methods) {
    String code =
        """
        class Model(Module):
          __parameters__ = []
          __buffers__ = []
          training : bool
        """
            + methods.indent(2);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.setMethod(ZipOutputStream.STORED);
      put(zip, "data.pkl", MODULE.getBytes(StandardCharsets.ISO_8859_1));
      put(zip, "code/__torch__.py", code.getBytes(StandardCharsets.UTF_8));
      put(zip, "constants.pkl", NO_CONSTANTS);
      put(zip, "version", VERSION.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // cannot happen: the archive is in memory
    }
    return out.toByteArray();
  }

  private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(content);
    ZipEntry entry = new ZipEntry("model/" + name);
    entry.setSize(content.length);
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }
}
