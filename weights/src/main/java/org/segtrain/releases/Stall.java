package org.segtrain.releases;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Closes a stream that gives nothing for too long; Java's HTTP client waits for ever. */
final class Stall implements AutoCloseable {

  private static final int LOOKS = 4; // while it is patient

  private final InputStream stream;
  private final Duration patience;
  private final AtomicLong last = new AtomicLong(System.nanoTime());
  private final Thread watcher = new Thread(this::watch, "download-watcher");
  private volatile boolean stalled;

  Stall(InputStream stream, Duration patience) {
    this.stream = stream;
    this.patience = patience;
    watcher.setDaemon(true);
    watcher.start();
  }

  /** Something came. */
  void moved() {
    last.set(System.nanoTime());
  }

  /** Whether it was closed because nothing came. */
  boolean stalled() {
    return stalled;
  }

  private void watch() {
    try {
      while (System.nanoTime() - last.get() < patience.toNanos()) {
        Thread.sleep(patience.dividedBy(LOOKS).toMillis());
      }
      stalled = true;
      stream.close();
    } catch (InterruptedException | IOException e) {
      // the stream is no longer read, or closed already
    }
  }

  @Override
  public void close() {
    watcher.interrupt();
  }
}
