package org.segtrain.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.segtrain.errors.DataException;

/** The real place of a file or folder: links are followed, also those to nothing yet. */
final class Target {

  private static final int LINKS = 40; // as Linux allows

  private Target() {}

  /**
   * The place of a file.
   *
   * @throws DataException if there can be no file
   */
  static Path ofFile(Path place) throws IOException {
    Path target = of(place);
    requireParent(place, target);
    if (Files.isDirectory(target)) {
      throw new DataException("cannot write %s: it is a folder".formatted(place));
    }
    if (Files.exists(target) && !Files.isRegularFile(target)) {
      throw new DataException(
          "cannot write %s: it is a device or a pipe; name a file".formatted(place));
    }
    return target;
  }

  /**
   * The place of a folder.
   *
   * @throws DataException if there can be no folder
   */
  static Path ofFolder(Path place) throws IOException {
    Path target = of(place);
    requireParent(place, target);
    if (Files.exists(target) && !Files.isDirectory(target)) {
      throw new DataException("cannot write %s: it is a file".formatted(place));
    }
    requireMovable(target);
    return target;
  }

  /** The place without links. */
  static Path of(Path place) throws IOException {
    if (Files.exists(place)) {
      return place.toRealPath();
    }
    Path target = place;
    for (int links = 0; Files.isSymbolicLink(target); links++) {
      if (links == LINKS) {
        throw new DataException(
            "cannot write %s: it is a link that leads to itself".formatted(place));
      }
      target = target.resolveSibling(Files.readSymbolicLink(target));
    }
    return Names.real(target);
  }

  private static void requireParent(Path place, Path target) {
    Path parent = target.getParent();
    if (parent == null || !Files.isDirectory(parent)) {
      throw new DataException(
          "cannot write %s: there is no folder %s, so make it first".formatted(place, parent));
    }
  }

  /** A folder where another file system begins, as a container's volume, cannot be replaced. */
  private static void requireMovable(Path folder) throws IOException {
    boolean isRoot =
        Files.exists(folder)
            && !Files.getFileStore(folder).equals(Files.getFileStore(folder.getParent()));
    if (isRoot) {
      throw new DataException(
          "cannot write %1$s: it is a mount point, which cannot be replaced; name a folder in it, such as %2$s"
              .formatted(folder, folder.resolve("served")));
    }
  }
}
