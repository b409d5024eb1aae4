package org.segtrain.engine.internal;

import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * How often a thread of OpenMP that waits for another looks, before it sleeps. By default it looks
 * for milliseconds, which keeps the others waiting if a program next to this one needs the core;
 * sleeping sooner costs a training that is alone up to 10 %.
 */
public final class SpinCount {

  private static final String VARIABLE = "GOMP_SPINCOUNT"; // GNU's OpenMP reads it as it is loaded
  private static final String POLICY = "OMP_WAIT_POLICY";
  private static final String RANK = "RANK";
  private static final String FEW = "5000";

  private static final Path STATISTICS = Path.of("/proc/stat");
  private static final long MILLISECONDS = 80;
  private static final double BUSY = 0.5; // cores

  private SpinCount() {}

  /**
   * Sets GOMP_SPINCOUNT to 5000 if other programs keep more than half a core busy. To be called
   * before the engine starts; it takes 80 ms on Linux, and nothing elsewhere, if the user chose, or
   * in one of several processes that train together, which have a core each.
   */
  public static void choose() {
    if (Platform.isLinux()
        && System.getenv(VARIABLE) == null
        && System.getenv(POLICY) == null
        && System.getenv(RANK) == null
        && hasNeighbour()) {
      set();
    }
  }

  private static void set() {
    try {
      NativeLibrary.getInstance("c")
          .getFunction("setenv")
          .invokeInt(new Object[] {VARIABLE, FEW, 0});
    } catch (UnsatisfiedLinkError e) {
      return; // JNA has no folder to unpack to; the count stays
    }
  }

  private static boolean hasNeighbour() {
    try {
      CpuTimes before = CpuTimes.now();
      Thread.sleep(MILLISECONDS);
      return CpuTimes.now().since(before).others() > BUSY
          && before.cpus() == Runtime.getRuntime().availableProcessors(); // no part of a machine
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (IOException | RuntimeException e) {
      return false; // a system without these numbers
    }
  }

  /**
   * What the processors did so far, in the clock's ticks.
   *
   * @param busy of all programs
   * @param idle of all processors
   * @param own of this program
   * @param cpus how many processors there are
   */
  record CpuTimes(long busy, long idle, long own, int cpus) {

    private static final int IDLE = 3; // user, nice, system, idle, waiting for a disk, ...
    private static final int WAITING = 4;
    private static final int STOLEN = 7; // by another virtual machine
    private static final int OWN_USER = 11; // behind the name of the program
    private static final int OWN_SYSTEM = 12;

    static CpuTimes now() throws IOException {
      return of(Files.readAllLines(STATISTICS), Files.readString(Path.of("/proc/self/stat")));
    }

    /** Of the lines of {@code /proc/stat}, and of {@code /proc/self/stat}. */
    static CpuTimes of(List<String> statistics, String process) {
      List<Long> all = numbers(statistics.get(0).replaceFirst("cpu +", ""));
      long idle = all.get(IDLE) + all.get(WAITING);
      long busy = all.subList(0, STOLEN).stream().mapToLong(Long::longValue).sum() - idle;
      List<String> own = List.of(process.substring(process.lastIndexOf(')') + 2).split(" ", -1));
      long used = Long.parseLong(own.get(OWN_USER)) + Long.parseLong(own.get(OWN_SYSTEM));
      int cpus = (int) statistics.stream().filter(line -> line.matches("cpu\\d.*")).count();
      return new CpuTimes(busy, idle, used, cpus);
    }

    CpuTimes since(CpuTimes before) {
      return new CpuTimes(busy - before.busy, idle - before.idle, own - before.own, cpus);
    }

    /** How many processors other programs kept busy. */
    double others() {
      return cpus * (double) Math.max(0, busy - own) / Math.max(1, busy + idle);
    }

    private static List<Long> numbers(String line) {
      return Arrays.stream(line.strip().split(" +", -1)).map(Long::valueOf).toList();
    }
  }
}
