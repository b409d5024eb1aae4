package org.segtrain.data.internal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.segtrain.data.Dataset;
import org.segtrain.data.Preparation;
import org.segtrain.data.Sample;
import org.segtrain.data.Split;
import org.segtrain.errors.DataException;

/**
 * Endless training batches, prepared ahead of the trainer by worker threads.
 *
 * <p>The batch of a step depends only on the seed and the step. Every epoch shuffles the samples
 * anew by seed and epoch; a sample's random numbers depend only on seed, epoch and index. A data
 * set smaller than a batch wraps into the next epoch.
 */
public final class Batches implements AutoCloseable {

  /**
   * Which batches of all, counted from the start of the run.
   *
   * @param first number of the first
   * @param every how much higher the number of the next is: the number of processes that share them
   */
  public record Numbers(long first, int every) {}

  /** A batch under way. */
  private record Coming(List<String> files, List<Future<Sample>> samples) {}

  private final Dataset dataset;
  private final Preparation preparation;
  private final int batchSize;
  private final Turns order;
  private final List<Thread> threads = new CopyOnWriteArrayList<>();
  private final ExecutorService pool;
  private final Deque<Coming> ahead = new ArrayDeque<>();
  private final int every;
  private long number; // of the next

  /**
   * Starts the workers.
   *
   * @param firstStep 0, or the step at which a resumed run goes on
   * @param workers number of threads; the batches do not depend on it
   */
  public Batches(
      Dataset dataset,
      Preparation preparation,
      int batchSize,
      long seed,
      long firstStep,
      int workers) {
    this(
        dataset,
        preparation,
        batchSize,
        new Order(seed, Portioned.of(dataset)),
        new Numbers(firstStep, 1),
        workers);
  }

  /** The same in another order, or some of them. */
  public Batches(
      Dataset dataset,
      Preparation preparation,
      int batchSize,
      Turns order,
      Numbers numbers,
      int workers) {
    if (batchSize < 1 || workers < 1 || numbers.first() < 0 || numbers.every() < 1) {
      throw new IllegalArgumentException(
          "batch size and workers must be at least 1 and the first batch 0, but got %d, %d and %s"
              .formatted(batchSize, workers, numbers));
    }
    this.dataset = dataset;
    this.preparation = preparation;
    this.batchSize = batchSize;
    this.order = order;
    this.every = numbers.every();
    this.number = numbers.first();
    this.pool = Executors.newFixedThreadPool(workers, this::worker);
    int lookAhead = 1 + (2 * workers + batchSize - 1) / batchSize; // two samples a worker, and more
    while (ahead.size() < lookAhead) {
      ahead.add(begin());
    }
  }

  /**
   * Returns the next batch, waiting for it if need be.
   *
   * @throws DataException if one of its samples cannot be read
   */
  public synchronized Batch next() {
    if (pool.isShutdown()) {
      throw new IllegalStateException("the batches are closed");
    }
    ahead.add(begin());
    Coming coming = ahead.remove();
    List<Sample> samples = new ArrayList<>(batchSize);
    for (int i = 0; i < batchSize; i++) {
      samples.add(Awaited.of(coming.samples().get(i), coming.files().get(i)));
    }
    return Batch.of(samples, coming.files());
  }

  /** Stops the workers and waits until they have ended. */
  @Override
  public synchronized void close() {
    pool.shutdownNow();
    ahead.clear();
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Thread worker(Runnable work) {
    Thread thread = new Thread(work, "data-" + (threads.size() + 1));
    thread.setDaemon(true);
    threads.add(thread);
    return thread;
  }

  private Coming begin() {
    List<String> files = new ArrayList<>(batchSize);
    List<Future<Sample>> samples = new ArrayList<>(batchSize);
    for (int i = 0; i < batchSize; i++) {
      Turns.Turn turn = order.at(number * batchSize + i);
      files.add(dataset.file(Split.TRAINING, turn.index()));
      samples.add(
          pool.submit(
              () -> preparation.apply(dataset.read(Split.TRAINING, turn.index()), turn.random())));
    }
    number += every;
    return new Coming(files, samples);
  }
}
