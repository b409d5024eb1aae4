package org.segtrain.measure.internal;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;

/** How much memory there is. */
public final class Memory {

  private Memory() {}

  /** The memory of the machine, or of the container that the process is in, bytes. */
  public static long machine() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
  }

  /** The largest size of the Java heap, bytes; arrays of the engine are not in it. */
  public static long heapMax() {
    return Runtime.getRuntime().maxMemory();
  }

  /** "1.6 GB", in units of 1024. */
  public static String size(long bytes) {
    return bytes >= 1L << 30
        ? String.format(Locale.ROOT, "%.1f GB", bytes / (double) (1L << 30))
        : String.format(Locale.ROOT, "%d MB", bytes >> 20);
  }
}
