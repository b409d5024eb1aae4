package org.segtrain.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The hidden folder {@code .NAME.ID.part} beside the place of a draft: the draft, for a moment the
 * folder that it replaces, and a file that its writer locks. The system unlocks it however the
 * writer dies, so every container and machine that shares the folder recognises a draft without a
 * writer.
 */
final class DraftFolder {

  private static final String LOCK = "lock";
  private static final String FORMER = "former";
  private static final String CONTENT = "content";
  private static final String END = ".part";
  private static final String ID = "%x-%x"; // process, time
  private static final int BEGINNINGS = 100;
  private static final int LONGEST_NAME = 200; // bytes, of 255 that a file system takes
  private static final int CUT = 40; // letters, of four bytes at most

  /**
   * Those of this process, and the places that the user names for them. Trying a lock that it holds
   * could release it.
   */
  private static final Map<Path, Path> OWN = new ConcurrentHashMap<>();

  private final Path folder;
  private final FileChannel lock;

  private DraftFolder(Path folder, FileChannel lock) {
    this.folder = folder;
    this.lock = lock;
  }

  /** The place, as the user names it, of the draft of this process that {@code file} is in. */
  static Optional<Path> around(Path file) {
    return Stream.iterate(file.toAbsolutePath(), path -> path != null, Path::getParent)
        .map(OWN::get)
        .filter(place -> place != null)
        .findFirst();
  }

  /** A new one, beside {@code target}, which the user calls {@code place}. */
  static DraftFolder beside(Path target, Path place) throws IOException {
    for (int i = 0; i < BEGINNINGS; i++) {
      String id = ID.formatted(ProcessHandle.current().pid(), System.nanoTime());
      Path folder = target.resolveSibling(start(target) + id + END);
      OWN.put(folder, place);
      FileChannel lock = begun(folder);
      if (lock != null) {
        return new DraftFolder(folder, lock);
      }
    }
    throw new IOException("another program removes new files from this folder");
  }

  /** A name that has no room for more is cut, and told apart by its hash. */
  private static String start(Path target) {
    String name = target.getFileName().toString();
    return name.getBytes(StandardCharsets.UTF_8).length <= LONGEST_NAME
        ? ".%s.".formatted(name)
        : ".%s-%08x."
            .formatted(name.substring(0, name.offsetByCodePoints(0, CUT)), name.hashCode());
  }

  /** Makes the folder and locks it; null if a sweep was quicker than the lock. */
  private static FileChannel begun(Path folder) throws IOException {
    FileChannel lock = null;
    try {
      Files.createDirectory(folder);
      lock = ownLock(folder);
      return lock;
    } finally {
      if (lock == null) {
        Disk.removeEmpty(folder);
        OWN.remove(folder);
      }
    }
  }

  private static FileChannel ownLock(Path folder) throws IOException {
    Path place = folder.resolve(LOCK);
    FileChannel lock;
    try {
      lock = FileChannel.open(place, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (NoSuchFileException | FileAlreadyExistsException e) {
      return null; // a sweep has removed the folder, or locks it
    }
    if (isFree(lock) && Files.exists(place)) {
      return lock;
    }
    lock.close();
    return null;
  }

  private static boolean isFree(FileChannel lock) {
    try {
      return lock.tryLock() != null;
    } catch (IOException e) {
      return true; // a file system without locks, where no sweep can take it either
    }
  }

  /** Where the draft is. */
  Path content() {
    return folder.resolve(CONTENT);
  }

  /** Where the folder is that the draft replaces. */
  Path former() {
    return folder.resolve(FORMER);
  }

  /** Puts the former folder back, unless another process has put a newer one there. */
  void restore(Path target) throws IOException {
    restore(former(), target);
  }

  private static void restore(Path former, Path target) throws IOException {
    if (Files.exists(former) && !Files.exists(target)) {
      Files.move(former, target, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  /** Removes it with all that is in it, unless the folder to replace is only here. */
  void remove(Path target) {
    try {
      lock.close();
      restore(target);
      Disk.remove(folder);
    } catch (IOException e) {
      return; // it stays for the next sweep
    } finally {
      OWN.remove(folder);
    }
  }

  /** Removes those beside {@code target} whose writers are dead, and restores what they held. */
  static void sweep(Path target) {
    String start = Pattern.quote(start(target));
    Pattern name = Pattern.compile(start + "[0-9a-f]+-[0-9a-f]+" + Pattern.quote(END));
    DirectoryStream.Filter<Path> others =
        file -> name.matcher(file.getFileName().toString()).matches() && !OWN.containsKey(file);
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(target.getParent(), others)) {
      for (Path folder : folders) {
        sweep(folder, target);
      }
    } catch (IOException | DirectoryIteratorException e) {
      return; // no folder yet, or one that may not be looked into
    }
  }

  /** A writer that was killed before it had a lock, or as it removed the draft, left none. */
  private static void sweep(Path folder, Path target) {
    Path place = folder.resolve(LOCK);
    try (FileChannel lock =
        FileChannel.open(place, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      if (lock.tryLock() == null) {
        return; // its writer lives
      }
      restore(folder.resolve(FORMER), target);
      Disk.remove(folder.resolve(FORMER));
      Disk.remove(folder.resolve(CONTENT));
      Files.deleteIfExists(place);
    } catch (IOException | OverlappingFileLockException e) {
      return; // it is swept by another, or there are no locks here
    }
    Disk.removeEmpty(folder); // not empty: its writer has just locked it
  }
}
