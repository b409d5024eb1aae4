package org.segtrain.standin;

import ai.djl.Device;
import ai.djl.engine.Engine;
import com.sun.jna.Library;
import com.sun.jna.Native;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.TreeMap;
import org.segtrain.inference.Resources;

/**
 * A fake GPU: {@code src/test/native} makes PyTorch's device type CUDA of the host's memory and the
 * CPU's kernels. It refuses what a GPU refuses, and counts what a GPU is asked for.
 */
final class StandInGpu {

  static final Device DEVICE = Device.gpu(0);
  static final Resources RESOURCES = new Resources(DEVICE, 1, 1);
  static final Resources CPU = new Resources(Device.cpu(), 1, 1);

  private static final Functions FUNCTIONS = load();

  private interface Functions extends Library {
    long stand_in_allocated();

    long stand_in_peak();

    long stand_in_launches();

    void stand_in_allow_waits(long count);

    void stand_in_reset();

    String stand_in_counts();
  }

  private StandInGpu() {}

  private static Functions load() {
    Resources.start("cpu", 1, 1);
    Engine.getEngine("PyTorch").getVersion(); // PyTorch is loaded before what needs it
    try (InputStream in = StandInGpu.class.getResourceAsStream("linux-x86_64.so")) {
      Path file = Files.createTempFile("stand-in", ".so");
      Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
      Functions functions = Native.load(file.toString(), Functions.class);
      Files.delete(file);
      return functions;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Forgets all counts. */
  static void reset() {
    FUNCTIONS.stand_in_reset();
  }

  /** The bytes of arrays that are on it. */
  static long allocated() {
    return FUNCTIONS.stand_in_allocated();
  }

  /** The most bytes that there were at a time. */
  static long peak() {
    return FUNCTIONS.stand_in_peak();
  }

  /** Operations since {@link #reset}. */
  static long launches() {
    return FUNCTIONS.stand_in_launches();
  }

  /** The first wait beyond {@code count} throws, so that its stack trace tells which one it is. */
  static void allowWaits(long count) {
    FUNCTIONS.stand_in_allow_waits(count);
  }

  static void allowAllWaits() {
    allowWaits(Long.MAX_VALUE);
  }

  /** How often each operation came, by {@code aten::NAME}, {@code copy: ...}, {@code wait: ...}. */
  static Map<String, Long> counts() {
    Map<String, Long> counts = new TreeMap<>();
    for (String line : FUNCTIONS.stand_in_counts().lines().toList()) {
      int space = line.indexOf(' ');
      counts.put(line.substring(space + 1), Long.parseLong(line.substring(0, space)));
    }
    return counts;
  }

  /** How often the host waited for it. */
  static long waits() {
    return counts().entrySet().stream()
        .filter(each -> each.getKey().startsWith("wait: "))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }
}
