package org.segtrain.export;

import ai.djl.Device;
import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What this process holds outside the Java heap.
 *
 * @param arrays of the engine that open managers own
 * @param scopes managers that are open
 * @param modules of TorchScript, and whatever else managers own
 * @param files of one folder that are open or mapped
 * @param threads of Java
 */
record Held(int arrays, int scopes, int modules, int files, int threads) {

  private static final Path OPEN = Path.of("/proc/self/fd");
  private static final Path MAPPED = Path.of("/proc/self/maps");
  private static final Field RESOURCES = resources();

  /** What is held now. */
  static Held now(Path folder) throws IOException {
    int[] owned = new int[3];
    try (NDManager any = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
      count(any.getParentManager(), owned); // the root of all
    }
    int threads = Thread.getAllStackTraces().size();
    return new Held(owned[0], owned[1], owned[2], files(folder.toRealPath()), threads);
  }

  private static void count(NDManager manager, int[] owned) {
    for (Object resource : owned(manager)) {
      if (resource instanceof BaseNDManager inner) {
        owned[1]++;
        count(inner, owned);
      } else {
        owned[resource instanceof NDArray ? 0 : 2]++;
      }
    }
  }

  private static List<Object> owned(NDManager manager) {
    try {
      return new ArrayList<>(((Map<?, ?>) RESOURCES.get(manager)).values());
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Field resources() {
    try {
      Field field = BaseNDManager.class.getDeclaredField("resources");
      field.setAccessible(true);
      return field;
    } catch (NoSuchFieldException e) {
      throw new IllegalStateException("this version of DJL owns arrays otherwise", e);
    }
  }

  private static int files(Path folder) throws IOException {
    List<Path> open;
    try (Stream<Path> numbers = Files.list(OPEN)) {
      open = numbers.toList();
    }
    long count = Files.readAllLines(MAPPED).stream().filter(line -> isIn(folder, line)).count();
    for (Path number : open) {
      if (Files.isSymbolicLink(number)) { // not closed meanwhile
        count += isIn(folder, String.valueOf(Files.readSymbolicLink(number))) ? 1 : 0;
      }
    }
    return (int) count;
  }

  private static boolean isIn(Path folder, String line) {
    return line.contains(folder.toString());
  }

  /** Whether it is no more than {@code before}. */
  boolean isWithin(Held before) {
    return arrays <= before.arrays
        && scopes <= before.scopes
        && modules <= before.modules
        && files <= before.files
        && threads <= before.threads;
  }

  /** What is held more than {@code before}, in words; empty if nothing. */
  String beyond(Held before) {
    List<String> more = new ArrayList<>();
    add(more, arrays - before.arrays, "arrays");
    add(more, scopes - before.scopes, "scopes");
    add(more, modules - before.modules, "modules");
    add(more, files - before.files, "files");
    add(more, threads - before.threads, "threads");
    return String.join(", ", more);
  }

  private static void add(List<String> more, int count, String what) {
    if (count > 0) {
      more.add(count + " " + what);
    }
  }
}
