package org.segtrain.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.segtrain.data.Refusals.assertRefused;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segtrain.checkpoint.internal.Drafts;
import org.segtrain.checkpoint.internal.RunLock;
import org.segtrain.checkpoint.internal.RunWriter;
import org.segtrain.train.StepReport;
import org.segtrain.train.TinyRuns;

final class RunFolderTest {

  private static final List<String> CLASSES = List.of("sky");

  @TempDir Path folder;

  @Test
  void aFolderThatHoldsARunIsNotTakenForAnother() {
    Path dir = folder.resolve("run");
    new RunWriter(RunFolder.create(dir)).begin(TinyRuns.CONFIG, CLASSES);
    assertRefused(() -> RunFolder.create(dir), dir.toString(), "holds a run already", "resume it");
    assertEquals(dir, RunFolder.resume(dir).dir());
  }

  @Test
  void aFolderWithoutARunIsNotResumed() {
    Path dir = folder.resolve("missing");
    assertRefused(() -> RunFolder.resume(dir), dir.toString(), "holds no run to resume");
  }

  @Test
  void aFileOfARunIsNotItsFolder() throws IOException {
    Path file = Files.createFile(folder.resolve("config.json"));
    assertRefused(() -> RunFolder.resume(file), "is a file; give the folder of the run");
  }

  @Test
  void oneTrainingAtATimeWritesToIt() {
    Path dir = folder.resolve("run");
    try (RunLock other = new RunLock(dir)) {
      try (RunLock one = new RunLock(dir)) {
        one.take();
        one.take();
        assertRefused(other::take, "another training writes to " + dir);
      }
      other.take();
    }
  }

  @Test
  void aFreeNameIsNumbered() throws IOException {
    assertEquals(folder.resolve("run"), RunFolder.free(folder, "run"));
    Files.createDirectory(folder.resolve("run"));
    assertEquals(folder.resolve("run-2"), RunFolder.free(folder, "run"));
    Files.createFile(folder.resolve("run-2"));
    assertEquals(folder.resolve("run-3"), RunFolder.free(folder, "run"));
  }

  @Test
  void aPlaceThatCannotBeWrittenIsNamed() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    RunFolder run = RunFolder.create(file.resolve("run"));
    assertRefused(
        () -> new RunWriter(run).begin(TinyRuns.CONFIG, CLASSES),
        run.dir().toString(),
        "another folder");
    assertRefused(() -> new RunWriter(run).log(CLASSES), run.log().toString());
  }

  @Test
  void beginningClearsAwayDrafts() throws IOException {
    RunFolder run = RunFolder.create(folder.resolve("run"));
    Files.createDirectories(run.dir());
    Drafts.leave(run.last());
    Drafts.leave(run.best());
    new RunWriter(run).begin(TinyRuns.CONFIG, CLASSES);
    assertFalse(Drafts.exist(run.last()));
    assertFalse(Drafts.exist(run.best()));
  }

  @Test
  void theLogGrowsByALine() throws IOException {
    RunFolder run = RunFolder.create(folder.resolve("run"));
    new RunWriter(run).begin(TinyRuns.CONFIG, CLASSES);
    new RunWriter(run).log(new StepReport(1, 9, 0.5, List.of(0.5), 1e-4, 2, 3, 400));
    new RunWriter(run).log(List.of("two"));
    assertEquals(
        List.of(
            "{\"step\":1,\"loss\":0.5,\"losses\":[0.5],\"lr\":1.0E-4,\"grad_norm\":2.0,\"images_per_s\":3.0,"
                + "\"resident_mb\":400}",
            "[\"two\"]"),
        Files.readAllLines(run.log()));
  }
}
