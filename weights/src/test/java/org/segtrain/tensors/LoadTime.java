package org.segtrain.tensors;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** How long it takes to open a file and to read all its tensors, and in how much memory. */
final class LoadTime {

  private LoadTime() {}

  /** Takes the file. */
  public static void main(String[] arguments) throws IOException {
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      manager.zeros(new Shape(1));
      long before = resident("VmHWM");
      long start = System.nanoTime();
      long bytes = 0;
      try (TensorFile file = TensorFile.open(Path.of(arguments[0]))) {
        for (String name : file.tensors().keySet()) {
          bytes +=
              file.read(manager, name).size()
                  * file.tensors().get(name).type().read().getNumOfBytes();
        }
      }
      System.out.printf(
          "%d ms; %d MB of tensors; peak memory %d MB more than before%n",
          (System.nanoTime() - start) / 1_000_000, bytes >> 20, (resident("VmHWM") - before) >> 10);
    }
  }

  /** A line of Linux' account of this process, in kB. */
  private static long resident(String line) throws IOException {
    List<String> lines = Files.readAllLines(Path.of("/proc/self/status"));
    return lines.stream()
        .filter(l -> l.startsWith(line))
        .mapToLong(l -> Long.parseLong(l.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }
}
