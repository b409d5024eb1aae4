package org.segtrain.tensors;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.segtrain.errors.DataException;
import org.segtrain.errors.IoReason;

/**
 * Files that are written beside their place, forced to the disk and then moved there, so that being
 * killed at any moment leaves the old one or the new one, whole.
 */
public final class AtomicFile {

  /** Writes the content. */
  interface Body {
    void write(FileChannel out) throws IOException;
  }

  private AtomicFile() {}

  /** Where a file is kept that is not whole yet. */
  public static Path draft(Path file) {
    return file.resolveSibling(file.getFileName() + ".tmp");
  }

  /** Writes {@code file}, of about {@code bytes}, or leaves what was there as it was. */
  static void write(Path file, long bytes, Body body) {
    Path draft = draft(file);
    try {
      writeAndForce(draft, body);
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      discard(draft);
      throw new DataException(
          "cannot write %s of %d MB where %s MB are free: %s; make room or choose another --out"
              .formatted(file, bytes >> 20, megabytesFree(file), IoReason.of(e)),
          e);
    }
    forceFolder(file.toAbsolutePath().getParent());
  }

  /** Writes all of {@code bytes} where {@code out} stands. */
  static void append(FileChannel out, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }

  private static void writeAndForce(Path draft, Body body) throws IOException {
    try (FileChannel out =
        FileChannel.open(
            draft,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      body.write(out);
      out.force(true);
    }
  }

  private static void forceFolder(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      // not every file system lets a folder be forced, and the file is in its place
    }
  }

  private static void discard(Path draft) {
    try {
      Files.deleteIfExists(draft);
    } catch (IOException e) {
      // the failure to write it is what the user must hear of
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
