package org.segtrain.releases;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
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
    try {
      while (true) {
        Lock lock = tried(file, say);
        if (lock != null) {
          return lock;
        }
      }
    } catch (IOException e) {
      THREADS.unlock();
      throw e;
    }
  }

  /**
   * Null if its last holder has removed the file meanwhile, so that another process may lock a new
   * one of that name. The file is not opened a second time: to close it would free the lock.
   */
  private static Lock tried(Path file, Consumer<String> say) throws IOException {
    FileChannel channel = FileChannel.open(file, CREATE, WRITE);
    try {
      Object key = key(file);
      channel.close();
      channel = FileChannel.open(file, WRITE);
      FileLock lock = lock(channel, file, say);
      if (Objects.equals(key, key(file))) {
        return new Lock(channel, lock);
      }
    } catch (NoSuchFileException e) {
      channel.close();
      return null;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    channel.close();
    return null;
  }

  /** The key that tells files of one name apart, where the system has one. */
  private static Object key(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
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
