package org.segtrain.collectives;

import ai.djl.engine.EngineException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Watches over the processes of a group: each tells the store twice a second how far it is, and
 * looks at the others. Whoever first sees one fail says so, and all end with the same sentence.
 *
 * <p>A collective that lacks a process fails by itself at once if that died, but does not say which
 * it was. The store may keep a call waiting for ever, so one thread alone calls it, and another
 * looks at the time.
 */
final class Watch implements AutoCloseable {

  private static final Duration BEAT = Duration.ofMillis(500);
  private static final Duration SILENCE = Duration.ofSeconds(4); // eight beats: it has died
  private static final Duration INQUEST = Duration.ofSeconds(8);
  private static final Duration FAREWELL = Duration.ofSeconds(5);
  private static final String FAILED = "failed";

  private final Store store;
  private final int rank;
  private final List<String> names;
  private final String keeper; // of the store
  private final long timeout; // ns
  private final List<Other> others = new ArrayList<>();
  private final AtomicLong progress = new AtomicLong();
  private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();
  private final Thread caller; // of the store
  private final Thread guard;
  private volatile boolean waiting;
  private volatile boolean closed;
  private volatile String accusation; // of this process, not told yet; or null
  private volatile String verdict; // null while all is well
  private volatile long answered = System.nanoTime(); // when the store did
  private long beats;

  /** What is known of another process. */
  private static final class Other {
    final int rank;
    volatile boolean left;
    volatile long heard = System.nanoTime();
    volatile long moved = System.nanoTime();
    private String beat = "";
    private String progress = "";

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
      left = words.get(2).equals("left");
      if (words.get(2).equals("waits") || !words.get(1).equals(progress)) {
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
    caller = started(this::call, "collectives-watch");
    guard = started(this::guard, "collectives-guard");
  }

  private static Thread started(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
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
    while (verdict == null && System.nanoTime() < end && pause()) {
      suspect(SILENCE.toNanos());
    }
    return verdict == null ? "the processes lost each other: " + reason : verdict;
  }

  private static boolean pause() {
    try {
      Thread.sleep(BEAT.toMillis() / 5);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Accuses whoever was silent for so long; ns. */
  private void suspect(long limit) {
    long now = System.nanoTime();
    if (now - answered > limit) {
      settle("%s died or answers no more, for %d s".formatted(keeper, seconds(now - answered)));
      return;
    }
    others.stream()
        .filter(other -> !other.left && now - other.heard > limit)
        .findFirst()
        .ifPresent(
            other ->
                accuse(
                    "%s died or answers no more, for %d s"
                        .formatted(names.get(other.rank), seconds(now - other.heard))));
  }

  private static long seconds(long nanos) {
    return nanos / 1_000_000_000;
  }

  /** Looks at the time. */
  private void guard() {
    while (!closed && verdict == null && pause()) {
      suspect(timeout);
      long now = System.nanoTime();
      others.stream()
          .filter(other -> !other.left && now - other.moved > timeout)
          .findFirst()
          .ifPresent(
              other ->
                  accuse(
                      "%s made no progress for %d s"
                          .formatted(names.get(other.rank), seconds(now - other.moved))));
    }
  }

  /** Calls the store, until it is closed. */
  private void call() {
    while (!closed) {
      try {
        exchange(waiting ? "waits" : "works");
        if (accusation == null) {
          Thread.sleep(BEAT.toMillis());
        }
      } catch (EngineException e) { // the guard sees that it does not answer
        if (!pause()) {
          return;
        }
      } catch (InterruptedException e) {
        Thread.interrupted(); // there is something to tell, or it is closed
      }
    }
    try {
      exchange("left");
    } catch (EngineException e) {
      return; // the others see that it is gone
    }
  }

  private void exchange(String does) {
    String mine = accusation;
    String said = store.look(FAILED);
    if (said.isEmpty() && mine != null) {
      store.put(FAILED, mine);
      said = mine;
    }
    accusation = null;
    if (!said.isEmpty()) {
      settle(said);
    }
    store.put("beat/" + rank, "%d %d %s".formatted(++beats, progress.get(), does));
    for (Other other : others) {
      other.hear(store.look("beat/" + other.rank), System.nanoTime());
    }
    answered = System.nanoTime();
  }

  /** The store decides who was first; without an answer this process does. */
  private void accuse(String sentence) {
    if (verdict != null || accusation != null) {
      return;
    }
    accusation = sentence;
    caller.interrupt();
    await(() -> verdict != null, SILENCE);
    settle(sentence);
  }

  private synchronized void settle(String sentence) {
    if (verdict == null) {
      verdict = sentence;
      listeners.forEach(
          listener -> started(() -> listener.accept(sentence), "collectives-failure"));
    }
  }

  /** After a failure: gives the others time to hear of it, before the store goes with this one. */
  void bidFarewell() {
    await(
        () ->
            others.stream().allMatch(other -> other.left)
                || System.nanoTime() - answered > SILENCE.toNanos(),
        FAREWELL);
  }

  /** Waits until it is so, but not longer. */
  private static void await(BooleanSupplier isSo, Duration most) {
    long end = System.nanoTime() + most.toNanos();
    boolean goesOn = true;
    while (goesOn && !isSo.getAsBoolean() && System.nanoTime() < end) {
      goesOn = pause();
    }
  }

  /** Says that this process is done, and watches no more. */
  @Override
  public void close() {
    closed = true;
    caller.interrupt();
    guard.interrupt();
    try {
      caller.join(SILENCE.toMillis()); // the store may not answer
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
