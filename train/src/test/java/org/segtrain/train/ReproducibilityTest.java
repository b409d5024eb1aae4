package org.segtrain.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segtrain.checkpoint.RunFolder;
import org.segtrain.config.TrainConfig;
import org.segtrain.errors.DataException;

/** With drop path, dropout, augmentation and accumulation switched on. */
@Tag("slow")
final class ReproducibilityTest {

  private static final TrainConfig CONFIG = TinyRuns.CONFIG;

  @TempDir static Path folder;

  private static RunFolder uninterrupted;

  @BeforeAll
  static void train() {
    uninterrupted = TinyRuns.run(CONFIG, TinyData.STANDARD, 1, folder.resolve("uninterrupted"));
  }

  @Test
  void theSameSeedGivesTheSameFileWithAnyNumberOfWorkers() throws IOException {
    RunFolder again = TinyRuns.run(CONFIG, TinyData.STANDARD, 2, folder.resolve("again"));
    assertSameFile(uninterrupted.last(), again.last());
    assertSameFile(uninterrupted.best(), again.best());
  }

  @Test
  void anInterruptedRunEndsWithTheSameFile() throws IOException {
    Path dir = folder.resolve("interrupted");
    Training.Summary stopped = TinyRuns.runUntilEvaluated(CONFIG, TinyData.STANDARD, 2, dir);
    assertTrue(stopped.stopped());
    assertEquals(2, stopped.step());
    assertNotEquals(-1, Files.mismatch(uninterrupted.last(), new RunFolder(dir).last()));
    Training.Summary resumed = TinyRuns.training(CONFIG, TinyData.STANDARD, 1, dir).run();
    assertFalse(resumed.stopped());
    assertEquals(4, resumed.step());
    assertSameFile(uninterrupted.last(), new RunFolder(dir).last());
  }

  @Test
  void anInterruptedRunOfSgdEndsWithTheSameFile() throws IOException {
    TrainConfig sgd =
        CONFIG
            .with("optimizer.kind", "sgd")
            .with("optimizer.nesterov", true)
            .with("schedule.decay", "onecycle");
    RunFolder whole = TinyRuns.run(sgd, TinyData.STANDARD, 1, folder.resolve("sgd"));
    Path dir = folder.resolve("sgd-interrupted");
    assertEquals(2, TinyRuns.runUntilEvaluated(sgd, TinyData.STANDARD, 1, dir).step());
    assertEquals(4, TinyRuns.training(sgd, TinyData.STANDARD, 1, dir).run().step());
    assertSameFile(whole.last(), new RunFolder(dir).last());
    Training other = TinyRuns.training(CONFIG, TinyData.STANDARD, 1, dir);
    String refusal = assertThrows(DataException.class, other::run).getMessage();
    assertTrue(refusal.contains("has optimizer.kind sgd, but this run has adamw"), refusal);
  }

  @Test
  void anotherSeedGivesOtherWeights() {
    TrainConfig other = TinyRuns.config("{\"seed\": 8, \"iterations\": 1, \"accumulate\": 1}");
    TrainConfig same = TinyRuns.config("{\"seed\": 7, \"iterations\": 1, \"accumulate\": 1}");
    var one = losses(TinyRuns.run(other, TinyData.STANDARD, 1, folder.resolve("other")));
    var two = losses(TinyRuns.run(same, TinyData.STANDARD, 1, folder.resolve("same")));
    assertNotEquals(one, two);
  }

  private static String losses(RunFolder run) {
    try {
      String line = Files.readAllLines(run.log()).get(0);
      return line.substring(line.indexOf("\"loss\""), line.indexOf("\"images_per_s\""));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void assertSameFile(Path expected, Path found) throws IOException {
    assertEquals(-1, Files.mismatch(expected, found), "first byte that differs in " + found);
  }
}
