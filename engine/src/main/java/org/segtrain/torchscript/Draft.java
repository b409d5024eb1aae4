package org.segtrain.torchscript;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.FileVisitor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.segtrain.errors.DataException;
import org.segtrain.errors.IoReason;

/**
 * A file or folder on its way: beside its place until it is whole, and gone if the program is told
 * to end before. What stood in that place goes only when it is replaced.
 */
public final class Draft {

  /** Others may remove files at the same time. */
  private static final FileVisitor<Path> REMOVAL =
      new SimpleFileVisitor<>() {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes unused) throws IOException {
          Files.deleteIfExists(file);
          return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException unused) {
          return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, IOException unused)
            throws IOException {
          Files.deleteIfExists(folder);
          return FileVisitResult.CONTINUE;
        }
      };

  private final Path path;
  private final Path place;
  private final Thread removal;

  private Draft(Path path, Path place) {
    this.path = path;
    this.place = place;
    this.removal = new Thread(this::removeUnfinished, "removal of a draft");
    Runtime.getRuntime().addShutdownHook(removal);
  }

  /**
   * An empty draft of the file that is to be at {@code place}.
   *
   * @throws DataException if there can be no file
   */
  public static Draft ofFile(Path place) {
    requireParent(place);
    if (Files.isDirectory(place)) {
      throw new DataException("cannot write %s: it is a folder".formatted(place));
    }
    try {
      return new Draft(Files.createFile(hidden(place, "part")), place); // with the usual rights
    } catch (IOException e) {
      throw failure(place, e);
    }
  }

  /**
   * An empty draft of the folder that is to be at {@code place}.
   *
   * @throws DataException if there can be no folder
   */
  public static Draft ofFolder(Path place) {
    requireParent(place);
    if (Files.exists(place) && !Files.isDirectory(place)) {
      throw new DataException("cannot write %s: it is a file".formatted(place));
    }
    try {
      Path real = Files.exists(place) ? place.toRealPath() : place.toAbsolutePath().normalize();
      requireMovable(real);
      return new Draft(Files.createDirectory(hidden(real, "part")), real);
    } catch (IOException e) {
      throw failure(place, e);
    }
  }

  /** Where it is now. */
  public Path path() {
    return path;
  }

  /** Puts it in its place. A program that is told to end meanwhile does so afterwards. */
  public synchronized void publish() throws IOException {
    if (!Files.isDirectory(place)) {
      Files.move(path, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return;
    }
    Path former = hidden(place, "old");
    Files.move(place, former, StandardCopyOption.ATOMIC_MOVE);
    try {
      Files.move(path, place, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      restore(former);
      throw e;
    }
    remove(former);
  }

  /** Unless another program has put a newer folder there. */
  private void restore(Path former) throws IOException {
    if (Files.exists(place)) {
      remove(former);
    } else {
      Files.move(former, place, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private synchronized void removeUnfinished() {
    remove(path);
  }

  /** Removes it, unless it is in its place. To be called at last, whatever happened. */
  public void discard() {
    remove(path);
    try {
      Runtime.getRuntime().removeShutdownHook(removal);
    } catch (IllegalStateException e) {
      return; // the program is ending, and finds nothing to remove
    }
  }

  /** What to tell the user if writing has failed. */
  public DataException failure(IOException e) {
    return failure(place, e);
  }

  private static DataException failure(Path place, IOException e) {
    return new DataException("cannot write %s: %s".formatted(place, IoReason.of(e)), e);
  }

  private static void requireParent(Path place) {
    Path parent = place.toAbsolutePath().normalize().getParent();
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

  private static Path hidden(Path place, String kind) {
    return place.resolveSibling("." + place.getFileName() + "." + System.nanoTime() + "." + kind);
  }

  /** What cannot be removed stays, since the user must hear of other things. */
  private static void remove(Path root) {
    try {
      Files.walkFileTree(root, REMOVAL);
    } catch (IOException e) {
      return;
    }
  }
}
