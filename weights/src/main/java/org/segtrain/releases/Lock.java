package org.segtrain.releases;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Keeps other threads and processes out while it is open. The operating system takes it back from a
 * process that was killed.
 */
final class Lock implements AutoCloseable {

  /** Files are locked for the whole JVM, so its threads wait for each other here. */
  private static final ReentrantLock THREADS = new ReentrantLock();

  private final FileChannel channel;
  private final FileLock lock;

  private Lock(FileChannel channel, FileLock lock) {
    this.channel = channel;
    this.lock = lock;
  }

  /** Waits for it, and says so if another process holds it. */
  static Lock of(Path file, Consumer<String> say) throws IOException {
    THREADS.lock();
    FileChannel channel = null;
    try {
      channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      return new Lock(channel, lock(channel, file, say));
    } catch (IOException e) {
      if (channel != null) {
        channel.close();
      }
      THREADS.unlock();
      throw e;
    }
  }

  private static FileLock lock(FileChannel channel, Path file, Consumer<String> say)
      throws IOException {
    FileLock lock = channel.tryLock();
    if (lock != null) {
      return lock;
    }
    say.accept("another process is fetching it (%s); waiting".formatted(file));
    return channel.lock();
  }

  @Override
  public void close() throws IOException {
    try {
      lock.release();
      channel.close();
    } finally {
      THREADS.unlock();
    }
  }
}
