package org.segtrain.checkpoint.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segtrain.files.Draft;

@Tag("slow")
final class KilledWriterTest {

  private static final int KILLS = 20;

  @TempDir Path folder;

  @Test
  void aKilledProcessLeavesAWholeFile() throws IOException, InterruptedException {
    Path file = folder.resolve("a.safetensors");
    Random random = new Random();
    int drafts = 0;
    for (int i = 0; i < KILLS; i++) {
      killWhileWriting(file, random.nextInt(40));
      drafts += Drafts.exist(file) ? 1 : 0;
      assertWhole(file);
    }
    assertTrue(drafts > 0, "no kill fell into a write, so nothing was tested");
    Draft.sweep(file);
    assertFalse(Drafts.exist(file));
  }

  private static void killWhileWriting(Path file, int milliseconds)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Doffline=true",
                "-cp",
                System.getProperty("java.class.path"),
                EndlessWriter.class.getName(),
                file.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      assertEquals("1", lines.readLine());
      Thread.sleep(milliseconds);
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private static void assertWhole(Path file) {
    try (NDManager manager = NDManager.newBaseManager("PyTorch");
        Checkpoint checkpoint = Checkpoint.open(file)) {
      Map<String, NDArray> targets =
          TestArrays.targets(manager, TestArrays.of(manager, 100_000, 0));
      checkpoint.load(targets);
      float first = Float.parseFloat(checkpoint.string("first"));
      assertEquals(first, targets.get("a.weight").getFloat(0, 0));
    }
  }
}
