package org.segtrain.collectives;

import ai.djl.engine.EngineException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Watches over the processes of a group: each tells the store twice a second how far it is, and
 * looks at the others. Whoever first sees one fail says so, and all end with the same sentence.
 *
 * <p>A collective that lacks a process fails by itself at once if that died, but does not say which
 * it was.
 */
final class Watch implements AutoCloseable {

  private static final Duration BEAT = Duration.ofMillis(500);
  private static final Duration SILENCE = Duration.ofSeconds(4); // eight beats: it has died
  private static final Duration INQUEST = Duration.ofSeconds(8);
  private static final String FAILED = "failed";

  private final Store store;
  private final int rank;
  private final List<String> names;
  private final String keeper; // of the store
  private final long timeout; // ns
  private final List<Other> others = new ArrayList<>();
  private final AtomicLong progress = new AtomicLong();
  private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();
  private final Thread thread;
  private volatile boolean waiting;
  private volatile boolean closed;
  private volatile String verdict; // null while all is well
  private volatile long answered = System.nanoTime(); // when the store did
  private long beats;

  /** What is known of another process. */
  private static final class Other {
    final int rank;
    String beat = "";
    String progress = "";
    boolean waiting;
    boolean left;
    long heard = System.nanoTime();
    long moved = System.nanoTime();

    Other(int rank) {
      this.rank = rank;
    }

    /** Takes what it said last: the number of its beat, its progress, and what it does. */
    void hear(String said, long now) {
      if (said.isEmpty() || said.equals(beat)) {
        return;
      }
      beat = said;
      heard = now;
      List<String> words = List.of(said.split(" ", 3));
      waiting = words.get(2).equals("waits");
      left = words.get(2).equals("left");
      if (waiting || !words.get(1).equals(progress)) {
        moved = now;
        progress = words.get(1);
      }
    }
  }

  /**
   * Begins to watch.
   *
   * @param names of all processes, by rank
   * @param keeper who serves the store
   * @param timeout after which a process that makes no progress has failed
   */
  Watch(Store store, int rank, List<String> names, String keeper, Duration timeout) {
    this.store = store;
    this.keeper = keeper;
    this.rank = rank;
    this.names = names;
    this.timeout = timeout.toNanos();
    for (int i = 0; i < names.size(); i++) {
      if (i != rank) {
        others.add(new Other(i));
      }
    }
    thread = new Thread(this::watch, "collectives-watch");
    thread.setDaemon(true);
    thread.start();
  }

  /** This process made progress. */
  void moved() {
    progress.incrementAndGet();
  }

  /** Whether this process waits for others now. */
  void waits(boolean waiting) {
    progress.incrementAndGet();
    this.waiting = waiting;
  }

  /** Is told the sentence, in a thread of its own, when a process has failed. */
  void listen(Consumer<String> listener) {
    listeners.add(listener);
  }

  /** Tells all that this process fails, unless one did before. */
  void fail(String why) {
    accuse("%s failed: %s".formatted(names.get(rank), why));
  }

  /** Why the group has ended, if it has. */
  Optional<String> verdict() {
    return Optional.ofNullable(verdict);
  }

  /** Which process is to blame for a collective that failed here: waits until that is known. */
  String explain(String reason) {
    long end = System.nanoTime() + INQUEST.toNanos();
    boolean interrupted = false;
    while (verdict == null && System.nanoTime() < end && !interrupted) {
      silent(SILENCE.toNanos()).ifPresent(this::accuse);
      try {
        Thread.sleep(BEAT.toMillis() / 5);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return verdict == null ? "the processes lost each other: " + reason : verdict;
  }

  private void watch() {
    while (!closed && observe()) {
      try {
        Thread.sleep(BEAT.toMillis());
      } catch (InterruptedException e) {
        return; // closed
      }
    }
  }

  /** Returns whether there is more to see. */
  private boolean observe() {
    try {
      beat(waiting ? "waits" : "works");
      look();
      if (verdict == null) {
        silent(timeout).or(() -> stuck(timeout)).ifPresent(this::accuse);
      }
      return true;
    } catch (EngineException e) {
      if (System.nanoTime() - answered < SILENCE.toNanos()) {
        return true;
      }
      settle("%s died or answers no more".formatted(keeper));
      return false;
    }
  }

  private synchronized void beat(String does) {
    store.put("beat/" + rank, "%d %d %s".formatted(++beats, progress.get(), does));
    answered = System.nanoTime();
  }

  private synchronized void look() {
    String said = store.look(FAILED);
    if (!said.isEmpty()) {
      settle(said);
    }
    long now = System.nanoTime();
    for (Other other : others) {
      other.hear(store.look("beat/" + other.rank), now);
    }
  }

  private synchronized Optional<String> silent(long limit) {
    long now = System.nanoTime();
    return others.stream()
        .filter(other -> !other.left && now - other.heard > limit)
        .findFirst()
        .map(
            other ->
                "%s died or answers no more, for %d s"
                    .formatted(names.get(other.rank), (now - other.heard) / 1_000_000_000));
  }

  private synchronized Optional<String> stuck(long limit) {
    long now = System.nanoTime();
    return others.stream()
        .filter(other -> !other.left && now - other.moved > limit)
        .findFirst()
        .map(
            other ->
                "%s made no progress for %d s"
                    .formatted(names.get(other.rank), (now - other.moved) / 1_000_000_000));
  }

  private synchronized void accuse(String sentence) {
    if (verdict != null) {
      return;
    }
    String first = sentence;
    try {
      String said = store.look(FAILED);
      if (said.isEmpty()) {
        store.put(FAILED, sentence);
      } else {
        first = said;
      }
    } catch (EngineException e) { // the store is gone too, so nobody else can be told
    }
    settle(first);
  }

  private synchronized void settle(String sentence) {
    if (verdict == null) {
      verdict = sentence;
      listeners.forEach(
          listener -> {
            Thread told = new Thread(() -> listener.accept(sentence), "collectives-failure");
            told.setDaemon(true);
            told.start();
          });
    }
  }

  /** Says that this process is done, and watches no more. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join();
      if (verdict == null) {
        beat("left");
      }
    } catch (EngineException e) { // the others see that it is gone
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
