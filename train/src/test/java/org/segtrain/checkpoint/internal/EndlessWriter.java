package org.segtrain.checkpoint.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.Map;

/** Writes one checkpoint after another to the file that it is given, until it is killed. */
public final class EndlessWriter {

  private EndlessWriter() {}

  /** Takes the file. */
  public static void main(String[] arguments) {
    Path file = Path.of(arguments[0]);
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      for (int i = 1; i > 0; i++) {
        Map<String, NDArray> arrays = TestArrays.of(manager, 100_000, i % 100);
        Checkpoint.write(file, Map.of("first", String.valueOf(i % 100)), arrays);
        arrays.values().forEach(NDArray::close);
        System.out.println(i);
      }
    }
  }
}
