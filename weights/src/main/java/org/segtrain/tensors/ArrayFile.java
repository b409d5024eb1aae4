package org.segtrain.tensors;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.segtrain.errors.DataException;
import org.segtrain.errors.IoReason;
import org.segtrain.files.Draft;

/** Writes large files, and names their size if the disk may be full. */
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
      long free = free(file);
      String sentence =
          free >= 0 && free < bytes
              ? "cannot write %s of %d MB where %d MB are free: %s; make room or choose another folder"
                  .formatted(file, bytes >> 20, free >> 20, IoReason.of(e))
              : "cannot write %s: %s; choose another folder or name"
                  .formatted(file, IoReason.of(e));
      throw new DataException(sentence, e);
    }
  }

  /** Bytes that are free where {@code file} is to be; negative if unknown. */
  private static long free(Path file) {
    try {
      return Files.getFileStore(file.toAbsolutePath().getParent()).getUsableSpace();
    } catch (IOException e) {
      return -1;
    }
  }
}
