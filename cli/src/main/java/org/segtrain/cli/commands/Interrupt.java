package org.segtrain.cli.commands;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Ctrl-C, while something runs that can stop by itself. */
final class Interrupt {

  private static final long PATIENCE_SECONDS = 120;

  private Interrupt() {}

  /**
   * Runs {@code work}; if the process is asked to end meanwhile, calls {@code stop}, and lets it
   * end only when {@code work} has, or after two minutes.
   */
  static void stops(Runnable stop, Runnable work) {
    CountDownLatch done = new CountDownLatch(1);
    Thread hook = new Thread(() -> ask(stop, done), "interrupt");
    try {
      Runtime.getRuntime().addShutdownHook(hook);
    } catch (IllegalStateException e) {
      return; // the process is ending, so nothing begins
    }
    try {
      work.run();
    } finally {
      done.countDown();
      forget(hook);
    }
  }

  private static void ask(Runnable stop, CountDownLatch done) {
    stop.run();
    try {
      if (!done.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        System.err.println(
            ("segtrain: the work under way did not end within %d seconds, so steps after the last"
                    + " checkpoint are lost")
                .formatted(PATIENCE_SECONDS));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void forget(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      return; // the process is ending, and the hook finds that the work is done
    }
  }
}
