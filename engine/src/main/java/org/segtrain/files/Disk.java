package org.segtrain.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.FileVisitor;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;

/** Writes that survive a loss of power. */
final class Disk {

  private static final FileVisitor<Path> FORCE =
      new SimpleFileVisitor<>() {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes unused) throws IOException {
          forceFile(file);
          return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, IOException unused) {
          forceFolder(folder);
          return FileVisitResult.CONTINUE;
        }
      };

  private static final int REMOVALS = 100;

  /** Others may remove files at the same time. */
  private static final FileVisitor<Path> REMOVE =
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

  private Disk() {}

  /** Whether {@code file} is a file of just these bytes. */
  static boolean holds(Path file, byte[] bytes) {
    try {
      return Files.isRegularFile(file)
          && Files.size(file) == bytes.length
          && Arrays.equals(Files.readAllBytes(file), bytes);
    } catch (IOException e) {
      return false; // writing it says what is wrong
    }
  }

  static void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Gives a file the permissions of the one that it replaces, where the system has them. */
  static void copyRights(Path of, Path to) throws IOException {
    try {
      Files.setPosixFilePermissions(to, Files.getPosixFilePermissions(of));
    } catch (NoSuchFileException e) {
      return; // it was removed meanwhile
    } catch (UnsupportedOperationException e) {
      return; // a system with others
    }
  }

  /**
   * Moves a file or folder to a free place in its own file system. A file is linked there, so no
   * other process can come first.
   *
   * @throws FileAlreadyExistsException if there is something
   */
  static void moveToFree(Path from, Path to) throws IOException {
    try {
      if (Files.isDirectory(from) || !isLinked(from, to)) {
        Files.move(from, to);
      }
    } catch (FileAlreadyExistsException e) {
      FileAlreadyExistsException said =
          new FileAlreadyExistsException(
              to.toString(),
              null,
              "it came there meanwhile, and is not replaced; name another place");
      said.initCause(e);
      throw said;
    }
  }

  /** Gives a file its name by a link; false where there are none. */
  private static boolean isLinked(Path from, Path to) throws IOException {
    try {
      Files.createLink(to, from);
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (UnsupportedOperationException | IOException e) {
      return false; // moving it says what is wrong
    }
    Files.delete(from);
    return true;
  }

  /** Forces a file, or a folder with all that is in it, to the disk. */
  static void force(Path root) throws IOException {
    Files.walkFileTree(root, FORCE);
  }

  private static void forceFile(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  /** Forces the names in a folder to the disk, where the file system lets a folder be forced. */
  static void forceFolder(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      return; // the files in it are whole, and in their places
    }
  }

  /** Removes a file or folder. A failure is silent: the user must hear of other things. */
  static void remove(Path root) {
    for (int i = 0; i < REMOVALS && !removed(root); i++) {
      Thread.onSpinWait();
    }
  }

  /** Removes a folder if nothing is in it. */
  static void removeEmpty(Path folder) {
    try {
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      return; // something is in it, or it may not be removed
    }
  }

  /** Removes all it can; false if another process wrote into the folder meanwhile. */
  private static boolean removed(Path root) {
    try {
      Files.walkFileTree(root, REMOVE);
      return true;
    } catch (DirectoryNotEmptyException e) {
      return false;
    } catch (IOException e) {
      return true; // it stays
    }
  }
}
