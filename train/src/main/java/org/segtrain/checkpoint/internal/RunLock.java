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

  private final FileChannel channel;

  private RunLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the folder, which is made if it is not there.
   *
   * @throws DataException if another training has it, or it cannot be written to
   */
  public static RunLock of(Path dir) {
    FileChannel channel;
    try {
      Files.createDirectories(dir);
      channel =
          FileChannel.open(dir.resolve(NAME), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new DataException(
          "cannot write to %s: %s; choose another folder".formatted(dir, IoReason.of(e)), e);
    }
    RunLock lock = new RunLock(channel);
    if (!lock.isTaken()) {
      lock.close();
      throw new DataException(
          "another training writes to %s; wait for its end, or choose another folder"
              .formatted(dir));
    }
    return lock;
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
      channel.close();
    } catch (IOException e) {
      return; // the lock is gone with the process at the latest
    }
  }
}
