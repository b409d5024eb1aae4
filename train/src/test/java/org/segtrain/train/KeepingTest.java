package org.segtrain.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.segtrain.checkpoint.RunFolder;
import org.segtrain.checkpoint.internal.Checkpoint;
import org.segtrain.checkpoint.internal.RunWriter;
import org.segtrain.checkpoint.internal.TrainingState;
import org.segtrain.config.TrainConfig;
import org.segtrain.errors.DataException;

/** What a run keeps of what it learned. */
class KeepingTest {

  private static final TrainConfig CONFIG =
      TinyRuns.config("{\"iterations\": 3, \"accumulate\": 1, \"evalEvery\": 1}");
  private static final TrainConfig SELDOM = CONFIG.with("schedule.evalEvery", 100);

  @TempDir private Path folder;

  @Test
  void checkpointsOfTheLastEvaluationsAreKept() throws IOException {
    Files.writeString(folder.resolve("step-mine.safetensors"), "a user's");
    RunFolder run = TinyRuns.run(CONFIG.with("run.keep", 2), TinyData.STANDARD, 1, folder);
    assertFalse(Files.exists(run.at(1)));
    for (long step = 2; step <= 3; step++) {
      try (Checkpoint kept = Checkpoint.open(run.at(step))) {
        assertEquals(step, TrainingState.of(kept).step());
        assertFalse(kept.has("optimizer."));
      }
    }
    assertTrue(Files.exists(folder.resolve("step-mine.safetensors")));
  }

  @Test
  void timeBetweenEvaluationsIsSavedToo() {
    assertEquals(2, stepSavedWhenTheThirdImageFails(SELDOM.with("run.saveMinutes", 1e-9), true));
    assertEquals(0, stepSavedWhenTheThirdImageFails(SELDOM.with("run.saveMinutes", 0), true));
    assertEquals(2, stepSavedWhenTheThirdImageFails(SELDOM, false)); // a wrong image saves as well
  }

  /** What is on the disk when the process dies at that moment, or 0. */
  private long stepSavedWhenTheThirdImageFails(TrainConfig config, boolean dies) {
    RunFolder run = new RunFolder(folder.resolve(config.run().saveMinutes() + "-" + dies));
    List<Long> seen = new ArrayList<>();
    Progress progress =
        new Progress() {
          @Override
          public void step(StepReport step) {
            if (step.step() == 3) {
              seen.add(savedStep(run));
              throw new DataException("an image is wrong");
            }
          }
        };
    try {
      TinyRuns.training(config, TinyData.STANDARD, 1, run.dir(), progress).run();
    } catch (DataException e) {
      assertEquals("an image is wrong", e.getMessage());
    }
    return dies ? seen.get(0) : savedStep(run) - 1; // the third step was made
  }

  @ParameterizedTest
  @MethodSource("ends")
  void whateverEndsARunItIsSavedAndSaidSo(Throwable end) {
    RunFolder run = new RunFolder(folder);
    List<String> lines = new ArrayList<>();
    Progress progress =
        new Progress() {
          @Override
          public void step(StepReport step) {
            if (step.step() == 3) {
              KeepingTest.<RuntimeException>throwAs(end);
            }
          }

          @Override
          public void message(String line) {
            lines.add(line);
          }
        };
    Training training = TinyRuns.training(SELDOM, TinyData.STANDARD, 1, run.dir(), progress);
    assertSame(end, assertThrows(end.getClass(), training::run));
    boolean isSaved = !(end instanceof DivergedException);
    assertEquals(isSaved ? 3 : 0, savedStep(run));
    String line = "step 3 is saved in " + run.last();
    assertEquals(isSaved, lines.contains(line), lines::toString);
  }

  static List<Throwable> ends() {
    return List.of(
        new DataException("an image is wrong"),
        new IllegalStateException("a mistake"),
        new OutOfMemoryError("Java heap space"),
        new DivergedException("loss NaN"));
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> void throwAs(Throwable end) throws T {
    throw (T) end;
  }

  private static long savedStep(RunFolder run) {
    if (!Files.exists(run.last())) {
      return 0;
    }
    try (Checkpoint last = Checkpoint.open(run.last())) {
      return TrainingState.of(last).step();
    }
  }

  @EnabledIfSystemProperty(named = "tests.all", matches = "true")
  @Test
  void savingMoreOftenChangesNoWeight() throws IOException {
    RunFolder seldom = TinyRuns.run(SELDOM, TinyData.STANDARD, 1, folder.resolve("a"));
    TrainConfig often = SELDOM.with("run.saveMinutes", 1e-9);
    RunFolder other = TinyRuns.run(often, TinyData.STANDARD, 1, folder.resolve("b"));
    assertArrayEquals(weights(seldom), weights(other));
  }

  /** Validation between steps: with it and without, the same weights. */
  @EnabledIfSystemProperty(named = "tests.all", matches = "true")
  @Test
  void evaluatingMoreOftenChangesNoWeight() throws IOException {
    RunFolder often = TinyRuns.run(CONFIG, TinyData.STANDARD, 1, folder.resolve("a"));
    RunFolder seldom = TinyRuns.run(SELDOM, TinyData.STANDARD, 1, folder.resolve("b"));
    assertArrayEquals(weights(often), weights(seldom));
  }

  /** The arrays of a checkpoint, which lie behind its header. */
  private static byte[] weights(RunFolder run) throws IOException {
    byte[] file = Files.readAllBytes(run.last());
    int header = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getInt();
    return Arrays.copyOfRange(file, 8 + header, file.length);
  }

  @Test
  void theBestIsThatOfTheFigureThatWasNamed() {
    TrainConfig accuracy = CONFIG.with("run.best", "aAcc");
    List<Double> seen = new ArrayList<>();
    Training.Summary summary =
        TinyRuns.training(
                accuracy,
                TinyData.STANDARD,
                1,
                folder,
                new Progress() {
                  @Override
                  public void evaluated(EvaluationReport evaluation) {
                    seen.add(evaluation.evaluation().metrics().accuracy());
                  }
                })
            .run();
    assertEquals(seen.stream().mapToDouble(v -> v).max().orElseThrow(), summary.best());
    TrainConfig other = CONFIG.with("schedule.iterations", 4); // by mIoU, of which it knows none
    Training.Summary more = TinyRuns.training(other, TinyData.STANDARD, 1, folder).run();
    try (Checkpoint best = Checkpoint.open(new RunFolder(folder).best())) {
      assertEquals(4, TrainingState.of(best).step());
      assertEquals(more.best(), TrainingState.of(best).best());
    }
  }

  @Test
  void aRunEndsWhenItsPatienceDoes() throws IOException {
    TrainConfig still =
        CONFIG
            .with("schedule.iterations", 9)
            .with("optimizer.learningRate", 1e-30)
            .with("run.patience", 2);
    List<String> said = new ArrayList<>();
    Training.Summary summary =
        TinyRuns.training(still, TinyData.STANDARD, 1, folder, saying(said)).run();
    assertTrue(summary.stopped());
    assertTrue(summary.step() < 9, summary::toString);
    String last = said.get(said.size() - 1);
    assertTrue(last.matches("ends early: no better mIoU in 2 evaluations since step \\d"), last);
  }

  private static Progress saying(List<String> said) {
    return new Progress() {
      @Override
      public void message(String line) {
        said.add(line);
      }
    };
  }

  @Test
  void aLogHasEveryStepOnceAndSaysWhereTheRunWentOn() throws IOException {
    RunFolder run = TinyRuns.run(SELDOM, TinyData.STANDARD, 1, folder);
    Files.writeString(
        run.log(), "{\"step\":4,\"loss\":1}\n{\"step\":5,\"lo", StandardOpenOption.APPEND);
    TinyRuns.run(SELDOM.with("schedule.iterations", 5), TinyData.STANDARD, 1, folder);
    List<String> log = Files.readAllLines(run.log());
    List<String> begins =
        log.stream()
            .map(line -> line.replaceAll("^(\\{\"step\":\\d,\"[a-z_]+\").*", "$1"))
            .toList();
    assertEquals(
        List.of(
            "{\"step\":1,\"loss\"",
            "{\"step\":2,\"loss\"",
            "{\"step\":3,\"loss\"",
            "{\"step\":3,\"mean_iou\"",
            "{\"step\":3,\"resumed\"",
            "{\"step\":4,\"loss\"",
            "{\"step\":5,\"loss\"",
            "{\"step\":5,\"mean_iou\""),
        begins);
  }

  @Test
  void anEvaluationThatWasMissedIsMadeWhenTheRunGoesOn() throws IOException {
    RunFolder run = TinyRuns.run(CONFIG, TinyData.STANDARD, 1, folder);
    List<String> log = Files.readAllLines(run.log());
    Files.write(run.log(), log.subList(0, log.size() - 1)); // killed while it measured
    TinyRuns.run(CONFIG, TinyData.STANDARD, 1, folder);
    List<String> after = Files.readAllLines(run.log());
    assertEquals("{\"step\":3,\"resumed\":true}", after.get(log.size() - 1));
    assertEquals(log.get(log.size() - 1), after.get(log.size()));
    assertTrue(new RunWriter(run).rewind(3));
  }
}
