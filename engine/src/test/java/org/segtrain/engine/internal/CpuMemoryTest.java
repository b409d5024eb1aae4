package org.segtrain.engine.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.segtrain.files.CheckSum;
import org.segtrain.files.UnpackedLibrary;

final class CpuMemoryTest {

  private static final long MB = 1 << 20;

  private final NDManager manager = NDManager.newBaseManager("PyTorch");

  @BeforeEach
  void thisMachineHasIt() {
    assumeTrue(UnpackedLibrary.platform().equals("linux-x86_64"));
    assertTrue(CpuMemory.install());
  }

  @Test
  void freedMemoryServesArraysOfOtherSizesAndGoesBack() throws IOException {
    CpuMemory.release();
    long before = residentMb();
    useAtOnce(64, 4 * MB);
    long kept = residentMb();
    assertTrue(kept > before + 200, "kept %d MB of %d".formatted(kept, before));
    useAtOnce(90, 5 * MB / 2);
    useAtOnce(600, MB / 3);
    long others = residentMb();
    assertTrue(others < before + 320, "%d MB after %d, of 256 at a time".formatted(others, before));
    CpuMemory.release();
    long after = residentMb();
    assertTrue(after < before + 40, "%d MB are left, of %d".formatted(after, before));
  }

  @Test
  void arraysOfNothingAndOfTooMuch() {
    try (NDArray nothing = manager.zeros(new Shape(0, 3))) {
      assertEquals(0, nothing.toFloatArray().length);
    }
    EngineException refused =
        assertThrows(EngineException.class, () -> manager.zeros(new Shape(1L << 44)));
    assertTrue(refused.getMessage().contains("can't allocate memory"), refused.getMessage());
  }

  @Test
  void theLibraryIsOfTheseSources() throws IOException {
    List<String> sums = new ArrayList<>();
    try (Stream<Path> files = Files.list(Path.of("src/main/native"))) {
      for (Path file : files.sorted().toList()) {
        sums.add(CheckSum.sha256(Files.readAllBytes(file)) + "  " + file.getFileName());
      }
    }
    try (InputStream in = CpuMemory.class.getResourceAsStream("sources.sha256")) {
      assertEquals(
          new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList(),
          sums,
          "sources changed after the library; run engine/src/main/native/build.sh");
    }
  }

  private void useAtOnce(int count, long bytes) {
    try (NDManager scope = manager.newSubManager()) {
      for (int i = 0; i < count; i++) {
        scope.ones(new Shape(bytes / Float.BYTES));
      }
    }
  }

  private static long residentMb() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) >> 10)
        .findFirst()
        .orElseThrow();
  }
}
