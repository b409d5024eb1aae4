package org.segtrain.tensors;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.segtrain.errors.DataException;
import org.segtrain.errors.IoReason;
import org.segtrain.files.Draft;

/** Writes large files, and tells how large where a disk may be full. */
final class ArrayFile {

  private ArrayFile() {}

  /**
   * Writes {@code file}, of about {@code bytes}, or leaves what was there as it was.
   *
   * @throws DataException if it cannot be written
   */
  static void write(Path file, long bytes, Draft.Body body) {
    try {
      Draft.write(file, body);
    } catch (IOException e) {
      throw new DataException(
          "cannot write %s of %d MB where %s MB are free: %s; make room or choose another folder"
              .formatted(file, bytes >> 20, megabytesFree(file), IoReason.of(e)),
          e);
    }
  }

  private static String megabytesFree(Path file) {
    try {
      Path folder = file.toAbsolutePath().getParent();
      return String.valueOf(Files.getFileStore(folder).getUsableSpace() >> 20);
    } catch (IOException e) {
      return "unknown";
    }
  }
}
