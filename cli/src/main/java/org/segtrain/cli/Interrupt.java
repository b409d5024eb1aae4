package org.segtrain.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C, while something runs that can stop by itself: asks it to, and lets the JVM end only when this
 * is closed, or after two minutes.
 */
final class Interrupt implements AutoCloseable {

  private static final long PATIENCE_SECONDS = 120;

  private final CountDownLatch done = new CountDownLatch(1);
  private final Thread hook;
  private volatile boolean came;

  private Interrupt(Runnable stop) {
    this.hook = new Thread(() -> ask(stop), "interrupt");
  }

  /** Calls {@code stop}, once, when the process is asked to end. */
  static Interrupt asks(Runnable stop) {
    Interrupt interrupt = new Interrupt(stop);
    Runtime.getRuntime().addShutdownHook(interrupt.hook);
    return interrupt;
  }

  /** Whether the process was asked to end. */
  boolean came() {
    return came;
  }

  private void ask(Runnable stop) {
    came = true;
    stop.run();
    try {
      if (!done.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        System.err.println("segtrain: gave up waiting for the step to end; nothing was saved");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Lets the process end. */
  @Override
  public void close() {
    done.countDown();
    if (!came) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        came = true; // it comes this very moment, and finds nothing to wait for
      }
    }
  }
}
