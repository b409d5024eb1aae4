package org.segtrain.export;

import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import org.segtrain.train.internal.ResidentMemory;

/**
 * Makes calls of the library, each several times, and prints for each what it left behind and by
 * how much the resident memory grew.
 */
public final class CallLoop {

  static final String END = "calls were made";
  private static final int WARM_UPS = 2; // and the call whose leavings are counted
  private static final int WINDOWS = 2;
  private static final int LEAST = 2; // calls of a window
  private static final int MOST = 40;
  private static final long NANOS = 40_000_000; // of a window, if calls are that short
  private static final int TRIES = 40;
  private static final long PAUSE = 25_000_000; // nanoseconds

  private CallLoop() {}

  /** Takes a folder to write to, and by how much windows are longer than usual. */
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    int factor = Integer.parseInt(arguments[1]);
    Materials given = new Materials(folder);
    List<Call> calls = new ArrayList<>(ArrayCalls.of(given));
    calls.addAll(FileCalls.of(given));
    calls.addAll(ModelCalls.of(given));
    calls.addAll(ForgetfulCalls.of(given)); // last, since what they forget stays
    for (Call call : calls) {
      System.out.printf("%s: %s%n", call.name(), report(call, folder, factor));
    }
    System.out.printf("%d %s%n", calls.size(), END);
    System.exit(0); // whatever threads were forgotten
  }

  private static String report(Call call, Path folder, int factor) throws Exception {
    long nanos = 0;
    for (int i = 0; i < WARM_UPS; i++) {
      long start = System.nanoTime();
      call.action().make();
      nanos = System.nanoTime() - start;
    }
    String left = left(call, folder);
    int count = (int) Math.max(LEAST, Math.min(MOST, NANOS / Math.max(1, nanos))) * factor;
    double growth = Double.MAX_VALUE;
    long before = resident();
    for (int window = 0; window < WINDOWS; window++) {
      for (int i = 0; i < count; i++) {
        call.action().make();
      }
      long after = resident();
      growth = Math.min(growth, (double) (after - before) / count);
      before = after;
    }
    return String.format(Locale.ROOT, "%s; %.1f kB in %d calls", left, growth / 1024, count);
  }

  /** What one call left behind. */
  private static String left(Call call, Path folder) throws Exception {
    Held before = settled(folder);
    int unclosed;
    try (Unclosed made = new Unclosed()) {
      call.action().make();
      unclosed = made.count();
    }
    Held after = Held.now(folder);
    for (int i = 0; i < TRIES && !after.isWithin(before); i++) { // threads end in their own time
      System.gc(); // maps of files end with their buffers
      LockSupport.parkNanos(PAUSE);
      after = Held.now(folder);
    }
    String more = after.beyond(before);
    if (unclosed > 0) {
      more += (more.isEmpty() ? "" : ", ") + unclosed + " unclosed";
    }
    return more.isEmpty() ? "nothing" : more;
  }

  private static Held settled(Path folder) throws IOException {
    System.gc();
    Held former = Held.now(folder);
    for (int i = 0; i < TRIES; i++) {
      LockSupport.parkNanos(PAUSE);
      Held now = Held.now(folder);
      if (now.equals(former)) {
        return now;
      }
      former = now;
    }
    return former;
  }

  /**
   * Bytes resident once DJL's buffers outside the Java heap are freed, which is not done at once.
   */
  private static long resident() {
    System.gc();
    long former = -1;
    for (long now = buffers(); now != former; now = buffers()) {
      former = now;
      LockSupport.parkNanos(PAUSE);
    }
    return ResidentMemory.now().orElseThrow();
  }

  private static long buffers() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .mapToLong(BufferPoolMXBean::getMemoryUsed)
        .sum();
  }
}
