package org.segtrain.data.internal;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/** Threads that read items in order, a few ahead: each may be a large photograph. */
public final class ReadAhead<T> implements AutoCloseable {

  private static final int THREADS = 2;

  private final int count;
  private final IntFunction<T> read;
  private final IntFunction<String> name;
  private final ExecutorService pool = Executors.newFixedThreadPool(THREADS, ReadAhead::thread);
  private final Deque<Future<T>> coming = new ArrayDeque<>();
  private int begun;
  private int given;

  /**
   * Begins to read.
   *
   * @param read gives the item of an index below {@code count}; safe from several threads
   * @param name what to call it in messages
   */
  public ReadAhead(int count, IntFunction<T> read, IntFunction<String> name) {
    this.count = count;
    this.read = read;
    this.name = name;
    for (int i = 0; i < THREADS; i++) {
      begin();
    }
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "read-ahead");
    thread.setDaemon(true);
    return thread;
  }

  private void begin() {
    if (begun < count) {
      int index = begun++;
      coming.add(pool.submit(() -> read.apply(index)));
    }
  }

  /** The next item. Throws what its reading threw; then the one after it can be asked for. */
  public T next() {
    Future<T> item = coming.remove();
    begin();
    return Awaited.of(item, name.apply(given++));
  }

  /** Stops reading; items under way are dropped when they end. */
  @Override
  public void close() {
    pool.shutdownNow();
  }
}
