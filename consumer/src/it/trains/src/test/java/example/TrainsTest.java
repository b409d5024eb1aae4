package example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainsTest {

  @Test
  void threeStepsAreTrained(@TempDir Path folder) throws Exception {
    Path run = folder.resolve("run");

    assertEquals(3, Trains.train(run));

    long steps = Files.readAllLines(run.resolve("log.jsonl")).stream().filter(l -> l.contains("\"loss\"")).count();
    assertEquals(3, steps);
    assertTrue(Files.exists(run.resolve("last.safetensors")));
  }
}
