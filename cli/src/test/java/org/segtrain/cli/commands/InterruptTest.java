package org.segtrain.cli.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segtrain.cli.Outcome;
import org.segtrain.cli.Segtrain;
import org.segtrain.cli.TinyFolder;

@Tag("slow")
class InterruptTest {

  @TempDir private Path dir;

  @Test
  void aRunThatIsAskedToEndSavesAndSaysHowToGoOn() throws Exception {
    TinyFolder data = TinyFolder.in(dir.resolve("data"), "left", "right");
    Path run = dir.resolve("run");
    Path console = dir.resolve("console");
    Process process = training(data, run).redirectOutput(console.toFile()).start();
    waitForAStep(process, run.resolve("log.jsonl"));
    process.destroy(); // as Ctrl-C does, asks the process to end
    process.waitFor();
    String output = Files.readString(console);
    assertTrue(output.contains("go on with: segtrain --resume " + run), output);

    Outcome outcome = Outcome.of("--resume", run, "--iterations", 0);
    assertEquals("segtrain: --iterations must be at least 1, but is 0", outcome.sentence());
    assertEquals(0, Outcome.of("predict", run, data.dir(), "--out", dir.resolve("out")).code());
  }

  private static ProcessBuilder training(TinyFolder data, Path run) {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Dai.djl.offline=true",
            "-cp",
            System.getProperty("java.class.path"),
            Segtrain.class.getName(),
            "--backbone=pvt_tiny",
            "--dataset=folder",
            "--data=" + data.dir(),
            "--out=" + run,
            "--crop=32",
            "--batch=2",
            "--iterations=1000000",
            "--eval-every=1000000")
        .redirectErrorStream(true);
  }

  private static void waitForAStep(Process process, Path log)
      throws IOException, InterruptedException {
    while (process.isAlive() && (!Files.exists(log) || Files.size(log) == 0)) {
      Thread.sleep(50);
    }
  }
}
