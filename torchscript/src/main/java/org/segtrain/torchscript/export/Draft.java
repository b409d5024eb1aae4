package org.segtrain.torchscript.export;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.segtrain.errors.DataException;

/**
 * A file on its way: beside its place until it is whole.
 *
 * @param path where it is now
 * @param place where it will be
 */
record Draft(Path path, Path place) {

  /** An empty draft of the file that is to be at {@code place}. */
  static Draft beside(Path place) {
    Path folder = place.toAbsolutePath().getParent();
    if (!Files.isDirectory(folder)) {
      throw new DataException(
          "cannot write %s: there is no folder %s, so make it first".formatted(place, folder));
    } else if (Files.isDirectory(place)) {
      throw new DataException("cannot write %s: it is a folder".formatted(place));
    }
    String name = ".%s.%d.part".formatted(place.getFileName(), System.nanoTime());
    try {
      return new Draft(Files.createFile(folder.resolve(name)), place); // with the usual rights
    } catch (IOException e) {
      throw new DataException("cannot write %s: %s".formatted(place, reason(e)), e);
    }
  }

  /** Puts it in its place. */
  void publish() throws IOException {
    Files.move(path, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Removes it, unless it is in its place. */
  void discard() {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      // what made it useless is what the user must hear of
    }
  }

  DataException failure(IOException e) {
    return new DataException("cannot write %s: %s".formatted(place, reason(e)), e);
  }

  private static String reason(IOException e) {
    return e instanceof AccessDeniedException ? "permission denied" : e.getMessage();
  }
}
