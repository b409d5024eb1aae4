package org.segtrain.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.segtrain.data.Refusals.assertRefused;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.segtrain.checkpoint.internal.Drafts;
import org.segtrain.checkpoint.internal.LockHolder;
import org.segtrain.checkpoint.internal.RunLock;
import org.segtrain.checkpoint.internal.RunWriter;
import org.segtrain.train.StepReport;
import org.segtrain.train.TinyData;
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
  void aFolderWithoutARunIsNotResumed() throws IOException {
    Path dir = folder.resolve("missing");
    assertRefused(() -> RunFolder.resume(dir), dir.toString(), "holds no run");
    Files.createDirectories(dir.resolve("config.json"));
    assertRefused(() -> RunFolder.resume(dir), dir.toString(), "there is no file config.json");
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
        String self = "process %d, this one".formatted(ProcessHandle.current().pid());
        try (RunLock refused = new RunLock(dir)) {
          assertRefused(refused::take, "another training (%s) writes to %s".formatted(self, dir));
        }
        assertRefused(other::take, self); // what was refused frees nothing
      }
      other.take();
    }
  }

  @Test
  void theProcessThatWritesToItIsNamedAndItsLockEndsWithIt() throws Exception {
    Path dir = folder.resolve("run");
    Process holder = LockHolder.start(dir);
    try (RunLock lock = new RunLock(dir)) {
      String process = "another training (process %d) writes to".formatted(holder.pid());
      assertRefused(lock::take, process);
      assertRefused(lock::take, process);
      holder.destroyForcibly().waitFor();
      lock.take();
    } finally {
      holder.destroyForcibly();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "best.safetensors",
        "log.jsonl",
        "step-7.safetensors",
        "predictions/validation-00.png"
      })
  void aFileOfSomebodyWithTheNameOfOneOfARunStays(String name) throws IOException {
    Path dir = folder.resolve("run");
    Path file = dir.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "precious");
    String sentence = file + " is there, which a run would replace; choose another folder";
    assertRefused(() -> RunFolder.create(dir), sentence);
    assertRefused(() -> TinyRuns.run(TinyRuns.CONFIG, TinyData.STANDARD, 1, dir), sentence);
    assertEquals("precious", Files.readString(file));
  }

  @Test
  void otherFilesBesideARunMayBeThere() throws IOException {
    for (String name : List.of("notes.txt", "step-mine.safetensors", "validation-00.png")) {
      Files.writeString(folder.resolve(name), "precious");
    }
    assertEquals(folder, RunFolder.create(folder).dir());
  }

  @Test
  void aConfigurationThatDidNotChangeIsNotWritten() throws IOException {
    RunFolder run = RunFolder.create(folder.resolve("run"));
    new RunWriter(run).begin(TinyRuns.CONFIG, CLASSES);
    FileTime before = FileTime.fromMillis(1000);
    Files.setLastModifiedTime(run.config(), before);
    new RunWriter(run).begin(TinyRuns.CONFIG, CLASSES);
    assertEquals(before, Files.getLastModifiedTime(run.config()));
    new RunWriter(run).begin(TinyRuns.CONFIG, List.of("tree"));
    assertNotEquals(before, Files.getLastModifiedTime(run.config()));
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
    new RunWriter(run).log(new StepReport(1, 9, 0.5, List.of(0.5), 1e-4, 2, 3, 400, 7));
    new RunWriter(run).log(List.of("two"));
    assertEquals(
        List.of(
            "{\"step\":1,\"loss\":0.5,\"losses\":[0.5],\"lr\":1.0E-4,\"grad_norm\":2.0,\"images_per_s\":3.0,"
                + "\"resident_mb\":400,\"gpu_mb\":7}",
            "[\"two\"]"),
        Files.readAllLines(run.log()));
  }

  @Test
  void aLockOfSomebodyStays() throws IOException {
    Path lock = Files.writeString(folder.resolve(".lock"), "my own, important");
    try (RunLock own = new RunLock(folder)) {
      assertRefused(own::take, "is no lock of a training");
    }
    assertEquals("my own, important", Files.readString(lock));
    Files.delete(lock);
    Path target = Files.writeString(folder.resolve("precious.txt"), "");
    Files.createSymbolicLink(lock, target);
    try (RunLock own = new RunLock(folder)) {
      assertRefused(own::take, "is no lock of a training");
    }
    assertEquals("", Files.readString(target));
  }

  @Test
  void namesAreTheSameInEveryLocale() {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("ar-EG"));
    try {
      assertEquals("step-120.safetensors", new RunFolder(folder).at(120).getFileName().toString());
      assertEquals("validation-03.png", new RunFolder(folder).picture(3).getFileName().toString());
    } finally {
      Locale.setDefault(before);
    }
  }
}
