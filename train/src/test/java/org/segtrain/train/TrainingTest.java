package org.segtrain.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.segtrain.data.Refusals.assertRefused;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segtrain.checkpoint.RunFolder;
import org.segtrain.checkpoint.internal.Checkpoint;
import org.segtrain.checkpoint.internal.Drafts;
import org.segtrain.checkpoint.internal.RunWriter;
import org.segtrain.checkpoint.internal.TrainingState;
import org.segtrain.config.TrainConfig;
import org.segtrain.data.Dataset;
import org.segtrain.data.FolderDataset;
import org.segtrain.data.Sample;
import org.segtrain.data.SkippingDataset;
import org.segtrain.data.TestImages;
import org.segtrain.data.internal.Order;
import org.segtrain.errors.DataException;
import org.segtrain.metrics.Evaluation;
import org.segtrain.report.RunHistory;

final class TrainingTest {

  private static final TrainConfig CONFIG =
      TinyRuns.config("{\"iterations\": 2, \"accumulate\": 1, \"evalEvery\": 1}");

  @TempDir static Path folder;

  private static final List<String> TOLD = new ArrayList<>();
  private static RunFolder run;
  private static Training.Summary summary;

  @BeforeAll
  static void train() throws IOException {
    run = new RunFolder(folder.resolve("run"));
    Files.createDirectories(run.dir());
    Drafts.leave(run.last());
    Progress progress =
        new Progress() {
          @Override
          public void message(String line) {
            TOLD.add(line);
          }

          @Override
          public void step(StepReport step) {
            TOLD.add("step %d of %d".formatted(step.step(), step.iterations()));
          }

          @Override
          public void evaluated(EvaluationReport evaluation) {
            TOLD.add("evaluated %d, best %s".formatted(evaluation.step(), evaluation.best()));
          }
        };
    summary = TinyRuns.training(CONFIG, TinyData.STANDARD, 1, run.dir(), progress).run();
  }

  @Test
  void whatWasMadeBeforeAValidationThatFailsIsSaved(@TempDir Path other) {
    TinyData data =
        TinyData.STANDARD.onValidation(
            () -> {
              throw new DataException("a mask is wrong");
            });
    RunFolder broken = new RunFolder(other.resolve("broken"));
    assertRefused(() -> TinyRuns.run(CONFIG, data, 1, broken.dir()), "a mask is wrong");
    Training.Summary second = TinyRuns.training(CONFIG, TinyData.STANDARD, 1, broken.dir()).run();
    assertEquals(1, second.made()); // of two
  }

  @Test
  void whatWasMadeBeforeATrainingImageThatFailsIsSaved(@TempDir Path other) throws IOException {
    TestImages.dataset(other, 4, 64, 64);
    TrainConfig late = CONFIG.with("schedule.evalEvery", 2).with("loss.classBalance", 0);
    int last = new Order(late.run().seed(), 4).at(3).index(); // of the second step
    Path image = other.resolve("images/training/00%d.png".formatted(last));
    byte[] whole = Files.readAllBytes(image);
    Files.write(image, Arrays.copyOf(whole, whole.length / 2)); // its header says nothing
    RunFolder broken = new RunFolder(other.resolve("run"));
    Dataset data = FolderDataset.open(other);
    assertRefused(() -> TinyRuns.run(late, data, 1, broken.dir()), ".png is damaged");
    assertEquals(1, Files.readAllLines(broken.log()).size());
    Training.Summary second =
        TinyRuns.training(late, SkippingDataset.forTraining(data), 1, broken.dir()).run();
    assertEquals(1, second.made());
  }

  @Test
  void aMaskThatDoesNotFitIsRefusedBeforeTheFirstStep(@TempDir Path other) throws IOException {
    TestImages.dataset(other, 2, 64, 64);
    Files.copy(
        TestImages.dataset(Files.createDirectory(other.resolve("small")), 2, 64, 32)
            .resolve("annotations/validation/001.png"),
        other.resolve("annotations/validation/001.png"),
        StandardCopyOption.REPLACE_EXISTING);
    RunFolder none = new RunFolder(other.resolve("run"));
    assertRefused(
        () -> TinyRuns.run(CONFIG, FolderDataset.open(other), 1, none.dir()),
        "001.png is 64 x 64",
        "is 64 x 32");
    assertFalse(Files.exists(none.log()));
  }

  @Test
  void aRunWithoutLabelsIsWarnedAndOneWithoutReadableImagesRefused(@TempDir Path other)
      throws IOException {
    TestImages.dataset(other, 2, 64, 64);
    byte[] empty =
        TestImages.png(TestImages.plain(BufferedImage.TYPE_BYTE_GRAY, 64, 64, Sample.VOID));
    for (String mask : List.of("000", "001")) {
      Files.write(other.resolve("annotations/validation/%s.png".formatted(mask)), empty);
    }
    List<String> told = new ArrayList<>();
    Progress progress =
        new Progress() {
          @Override
          public void message(String line) {
            told.add(line);
          }

          @Override
          public void step(StepReport step) {}

          @Override
          public void evaluated(EvaluationReport evaluation) {}
        };
    TrainConfig once = CONFIG.with("schedule.iterations", 1);
    Path warned = other.resolve("warned");
    TinyRuns.training(once, FolderDataset.open(other), 1, warned, progress).run();
    assertTrue(
        told.contains("warning: all validation masks are void, so nothing can be measured"),
        told::toString);
    for (String mask : List.of("000", "001")) {
      Files.write(other.resolve("annotations/training/%s.png".formatted(mask)), empty);
    }
    TinyRuns.training(once, FolderDataset.open(other), 1, other.resolve("void"), progress).run();
    assertTrue(
        told.stream().anyMatch(line -> line.startsWith("warning: all 2 training masks are void")),
        told::toString);
    RunFolder none = new RunFolder(other.resolve("none"));
    for (String image : List.of("000", "001")) {
      Files.write(other.resolve("images/validation/%s.png".formatted(image)), new byte[0]);
    }
    SkippingDataset readable = SkippingDataset.forTraining(FolderDataset.open(other));
    assertRefused(
        () -> TinyRuns.run(once, readable, 1, none.dir()),
        "none of the 2 validation images can be read; the first: ",
        "000.png is empty");
    assertFalse(Files.exists(none.log()));
  }

  @Test
  void whatIsUnknownIsNullInTheLog(@TempDir Path other) throws IOException {
    RunFolder unlabelled = new RunFolder(other);
    List<List<Long>> counts = List.of(List.of(0L, 0L), List.of(0L, 0L));
    Evaluation nothing = new Evaluation(List.of("a", "b"), counts, List.of(), List.of());
    new RunLog(new RunWriter(unlabelled), new RunHistory())
        .evaluated(new EvaluationReport(3, 4, nothing, false));
    assertEquals(
        "{\"step\":3,\"mean_iou\":null,\"mean_iou_interval\":null,\"mean_accuracy\":null,"
            + "\"accuracy\":null,\"frequency_weighted_iou\":null,\"mean_f1\":null,"
            + "\"mean_boundary_iou\":null,\"iou\":{\"a\":null,\"b\":null}}\n",
        Files.readString(unlabelled.log()));
  }

  @Test
  void leavesTheFilesOfARun() throws IOException {
    try (var files = Files.list(run.dir())) {
      assertEquals(
          List.of(
              ".lock",
              "best.safetensors",
              "config.json",
              "evaluation.json",
              "last.safetensors",
              "log.jsonl",
              "predictions",
              "report.html",
              "session.json"),
          files.map(file -> file.getFileName().toString()).sorted().toList());
    }
    try (var pictures = Files.list(run.predictions())) {
      assertEquals(
          List.of("best-1.png", "validation-00.png", "validation-01.png", "worst-1.png"),
          pictures.map(file -> file.getFileName().toString()).sorted().toList());
    }
  }

  @Test
  void logsEachStepAndEachEvaluation() throws IOException {
    List<String> log = Files.readAllLines(run.log());
    assertEquals(4, log.size());
    assertTrue(log.get(0).startsWith("{\"step\":1,\"loss\":"), log.get(0));
    assertTrue(
        log.get(1).matches("\\{\"step\":1,\"mean_iou\":[^,]+,\"mean_iou_interval\":\\[0\\..*"),
        log.get(1));
    assertTrue(log.get(3).contains("\"iou\":{\"sky\":"), log.get(3));
  }

  @Test
  void tellsOfEachStepThenItsEvaluationAndWhereThePicturesAre() {
    assertEquals(
        List.of("step 1 of 2", "evaluated 1, best true", "step 2 of 2"), TOLD.subList(0, 3));
    assertTrue(TOLD.get(3).startsWith("evaluated 2, best "), TOLD::toString);
    assertEquals(
        "wrote 2 pictures (photograph, labels, prediction) to " + run.predictions(), TOLD.get(4));
    assertEquals(5, TOLD.size());
  }

  @Test
  void lastHoldsTheOptimiserAndBestTheWeightsAlone() {
    try (Checkpoint last = Checkpoint.open(run.last());
        Checkpoint best = Checkpoint.open(run.best())) {
      assertTrue(last.has("optimizer.mean.backbone."));
      assertFalse(best.has("optimizer."));
      assertTrue(best.has("model.decode_head."));
      assertEquals(2, summary.step());
      assertEquals(2, TrainingState.of(last).step());
      assertEquals(summary.best(), TrainingState.of(last).best());
      assertEquals(summary.best(), TrainingState.of(best).best());
    }
  }

  @Test
  void aFinishedRunGoesOnWithMoreIterations() throws IOException {
    Path dir = copyOfRun("longer", run.last());
    TrainConfig longer =
        TinyRuns.config("{\"iterations\": 3, \"accumulate\": 1, \"evalEvery\": 10}");
    assertEquals(3, TinyRuns.training(longer, TinyData.STANDARD, 1, dir).run().step());
  }

  @Test
  void aRunThatIsAskedToStopBeforeItsFirstStepSavesWhatItHas() {
    Path dir = folder.resolve("stopped");
    Training training = TinyRuns.training(CONFIG, TinyData.STANDARD, 1, dir);
    training.requestStop();
    assertEquals(new Training.Summary(0, 0, -1, Training.End.STOPPED), training.run());
    try (Checkpoint last = Checkpoint.open(new RunFolder(dir).last())) {
      assertEquals(0, TrainingState.of(last).step());
    }
  }

  @Test
  void aRunThatIsAskedToStopInItsLastStepIsComplete() throws IOException {
    Path dir = copyOfRun("complete", run.last());
    Training training = TinyRuns.training(CONFIG, TinyData.STANDARD, 1, dir);
    training.requestStop();
    assertFalse(training.run().stopped());
    try (var pictures = Files.list(new RunFolder(dir).predictions())) {
      assertEquals(2, pictures.count());
    }
  }

  @Test
  void aCheckpointOfWeightsAloneIsNotGoneOnWith() throws IOException {
    Path dir = copyOfRun("weights", run.best());
    Training training = TinyRuns.training(CONFIG, TinyData.STANDARD, 1, dir);
    assertRefused(training::run, "holds weights but no optimiser state");
  }

  @Test
  void otherClassesAreRefusedBeforeAnythingIsWritten() throws IOException {
    Path dir = copyOfRun("classes", run.last());
    TinyData other = TinyData.STANDARD.withClasses("sky", "tree", "road", "car");
    Training training = TinyRuns.training(CONFIG, other, 1, dir);
    assertRefused(training::run, "number of classes 3", "this run has 4");
    assertFalse(Files.exists(new RunFolder(dir).config()));
  }

  @Tag("slow")
  @Test
  void aDivergedRunLeavesTheCheckpointAsItWas() throws IOException {
    Path dir = copyOfRun("diverged", run.last());
    TrainConfig wild =
        TinyRuns.config(
            "{\"iterations\": 40, \"accumulate\": 1, \"warmup\": 0, \"learningRate\": 1000, \"weightDecay\": 1000}");
    Training training = TinyRuns.training(wild, TinyData.STANDARD, 1, dir);
    String message = assertThrows(DivergedException.class, training::run).getMessage();
    assertTrue(message.contains("step 4") && message.contains("training-"), message);
    assertEquals(-1, Files.mismatch(run.last(), new RunFolder(dir).last()));
  }

  private static Path copyOfRun(String name, Path checkpoint) throws IOException {
    Path dir = Files.createDirectories(folder.resolve(name));
    Files.copy(checkpoint, new RunFolder(dir).last());
    return dir;
  }

  @Test
  void aNewRunDoesNotGoOnWithOneThatBeganMeanwhile(@TempDir Path other) throws IOException {
    Path dir = other.resolve("run");
    Training late =
        Training.builder()
            .setConfig(CONFIG)
            .setDataset(TinyData.STANDARD)
            .setFolder(dir)
            .optResources(TinyRuns.oneThread(1))
            .optBegins(true)
            .build();
    RunFolder first = TinyRuns.run(CONFIG, TinyData.STANDARD, 1, dir);
    byte[] checkpoint = Files.readAllBytes(first.last());
    assertRefused(late::run, "holds a run already");
    assertArrayEquals(checkpoint, Files.readAllBytes(first.last()));
  }

  /** As a kill between the two would show. */
  @Test
  void theBestIsSavedBeforeItsEvaluationIsLogged(@TempDir Path other) {
    RunFolder folder = new RunFolder(other.resolve("run"));
    List<String> seen = new ArrayList<>();
    Progress looks =
        new Progress() {
          @Override
          public void evaluated(EvaluationReport evaluation) {
            seen.add(evaluation.best() + " " + Files.exists(folder.best()));
          }
        };
    TinyRuns.training(CONFIG, TinyData.STANDARD, 1, folder.dir(), looks).run();
    assertEquals("true true", seen.get(0));
  }

  @Test
  void aCallerThatThrowsLeavesTheLogWhole(@TempDir Path other) throws IOException {
    RunFolder folder = new RunFolder(other.resolve("run"));
    Progress throwing =
        new Progress() {
          @Override
          public void step(StepReport step) {
            throw new IllegalStateException("a mistake");
          }
        };
    Training training = TinyRuns.training(CONFIG, TinyData.STANDARD, 1, folder.dir(), throwing);
    assertThrows(IllegalStateException.class, training::run);
    TinyRuns.training(CONFIG, TinyData.STANDARD, 1, folder.dir()).run();
    List<String> steps =
        Files.readAllLines(folder.log()).stream().filter(line -> line.contains("loss")).toList();
    assertEquals(2, steps.size(), steps::toString);
  }
}
