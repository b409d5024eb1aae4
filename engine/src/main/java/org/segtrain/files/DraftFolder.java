package org.segtrain.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * The hidden folder {@code .NAME.ID.part} beside the place of a draft: the draft, for a moment the
 * folder that it replaces, and a file that its writer locks. The system unlocks it when the writer
 * dies in whatever way, so that a draft without a writer is known in every container and machine
 * that shares the folder.
 */
final class DraftFolder {

  private static final String LOCK = "lock";
  private static final String FORMER = "former";
  private static final String END = ".part";
  private static final String ID = "%x-%x"; // process, time

  /** Those of this process: trying a lock that it holds could release it. */
  private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

  private final Path folder;
  private final FileChannel lock;

  private DraftFolder(Path folder, FileChannel lock) {
    this.folder = folder;
    this.lock = lock;
  }

  /** A new one, beside {@code target}. */
  static DraftFolder beside(Path target) throws IOException {
    String id = ID.formatted(ProcessHandle.current().pid(), System.nanoTime());
    Path folder = target.resolveSibling(start(target) + id + END);
    Files.createDirectory(folder);
    OWN.add(folder);
    try {
      return new DraftFolder(folder, locked(folder));
    } catch (IOException e) {
      Disk.remove(folder);
      OWN.remove(folder);
      throw e;
    }
  }

  private static String start(Path target) {
    return "." + target.getFileName() + ".";
  }

  /** Locks it before others can see the lock. */
  private static FileChannel locked(Path folder) throws IOException {
    Path unseen = folder.resolve("new-" + LOCK);
    FileChannel channel =
        FileChannel.open(unseen, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try {
      tryLock(channel);
      Files.move(unseen, folder.resolve(LOCK), StandardCopyOption.ATOMIC_MOVE);
      return channel;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private static void tryLock(FileChannel channel) {
    try {
      channel.tryLock();
    } catch (IOException e) {
      return; // a file system without locks, where nobody can find the draft unlocked either
    }
  }

  /** Where the draft is. */
  Path content() {
    return folder.resolve("content");
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
        file -> name.matcher(file.getFileName().toString()).matches() && !OWN.contains(file);
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(target.getParent(), others)) {
      for (Path folder : folders) {
        sweep(folder, target);
      }
    } catch (IOException | DirectoryIteratorException e) {
      return; // no folder yet, or one that may not be looked into
    }
  }

  private static void sweep(Path folder, Path target) {
    try (FileChannel lock = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.WRITE)) {
      if (lock.tryLock() == null) {
        return; // its writer lives
      }
      restore(folder.resolve(FORMER), target);
    } catch (IOException | OverlappingFileLockException e) {
      return; // it is just begun, or swept by another, or there are no locks here
    }
    Disk.remove(folder);
  }
}
