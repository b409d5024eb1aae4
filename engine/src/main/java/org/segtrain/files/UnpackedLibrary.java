package org.segtrain.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.segtrain.errors.DataException;
import org.segtrain.errors.IoReason;

/**
 * A native library as a file, which all processes of a machine share. Its name has the hash of its
 * bytes, so versions of segtrain do not replace each other's.
 */
public final class UnpackedLibrary {

  /** The version of PyTorch that segtrain's native parts are made for. */
  public static final String PYTORCH = "2.7.1";

  private static final String NAME = "segtrain-%s-%s.so";
  private static final int DIGITS = 16;

  private UnpackedLibrary() {}

  /** This machine, as DJL names it: "linux-x86_64". */
  public static String platform() {
    String name = System.getProperty("os.name");
    String system = name.startsWith("Mac") ? "osx" : name.startsWith("Win") ? "win" : "linux";
    return system + "-" + System.getProperty("os.arch").replace("amd64", "x86_64");
  }

  /**
   * The file with just these bytes. One that is damaged is replaced: a library that ends early
   * kills the JVM with a signal as it is loaded.
   *
   * @param name in the file's name
   * @throws DataException if it cannot be written
   */
  public static Path in(Path folder, String name, byte[] library) {
    String hash = CheckSum.sha256(library).substring(0, DIGITS);
    Path file = folder.resolve(NAME.formatted(name, hash));
    try {
      if (!Files.isDirectory(folder)) { // which may be a link
        Files.createDirectories(folder);
      }
      Draft.sweep(file); // of a process that was killed as it wrote
      if (!holds(file, library)) {
        write(file, library);
      }
      return file;
    } catch (IOException e) {
      throw new DataException(
          "cannot unpack a native library to %s: %s; make room there, or set DJL_CACHE_DIR to another folder"
              .formatted(file, IoReason.of(e)),
          e);
    }
  }

  private static void write(Path file, byte[] library) throws IOException {
    try {
      Draft.write(file, out -> Draft.append(out, ByteBuffer.wrap(library)));
    } catch (FileAlreadyExistsException e) {
      if (!holds(file, library)) { // else another process was quicker
        throw e;
      }
    }
  }

  private static boolean holds(Path file, byte[] library) {
    try {
      return Files.isRegularFile(file)
          && Files.size(file) == library.length
          && Arrays.equals(Files.readAllBytes(file), library);
    } catch (IOException e) {
      return false; // writing it says what is wrong
    }
  }
}
