package org.segtrain.tensors;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.function.Executable;

/** Time that work takes, however much else the machine does meanwhile. */
public final class CpuTime {

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private CpuTime() {}

  /** That of this thread until now, in milliseconds. */
  public static long milliseconds() {
    return TimeUnit.NANOSECONDS.toMillis(THREADS.getCurrentThreadCpuTime());
  }

  /** Runs {@code work}, which must take less than that. */
  public static void assertBelow(int seconds, Executable work) throws Throwable {
    long start = milliseconds();
    work.execute();
    long taken = milliseconds() - start;
    assertTrue(taken < TimeUnit.SECONDS.toMillis(seconds), "it took %d ms".formatted(taken));
  }
}
