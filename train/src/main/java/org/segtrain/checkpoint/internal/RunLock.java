package org.segtrain.checkpoint.internal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.segtrain.errors.DataException;
import org.segtrain.errors.IoReason;

/**
 * The folder of a run while a training writes to it: a second training is refused. The system frees
 * the lock of a process that dies.
 */
public final class RunLock implements AutoCloseable {

  private static final String NAME = ".lock";

  private final Path dir;
  private FileChannel channel; // null until it is taken

  /** A lock of {@code dir}, not taken. */
  public RunLock(Path dir) {
    this.dir = dir;
  }

  /**
   * Takes the folder, which is made if it is not there; does nothing if it has it.
   *
   * @throws DataException if another training has it, or it cannot be written to
   */
  public void take() {
    if (channel != null) {
      return;
    }
    try {
      Files.createDirectories(dir);
      channel =
          FileChannel.open(dir.resolve(NAME), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new DataException(
          "cannot write to %s: %s; choose another folder".formatted(dir, IoReason.of(e)), e);
    }
    if (!isTaken()) {
      close();
      throw new DataException(
          "another training writes to %s; wait for its end, or choose another folder"
              .formatted(dir));
    }
  }

  /** Whether it is ours; a file system without locks lets everybody have it. */
  private boolean isTaken() {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) { // of another training in this process
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  @Override
  public void close() {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      return; // the lock is gone with the process at the latest
    }
  }
}
