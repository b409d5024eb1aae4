package org.segtrain.inference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.segtrain.data.Refusals.assertRefused;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segtrain.checkpoint.RunFolder;
import org.segtrain.config.TrainConfig;
import org.segtrain.data.Picture;
import org.segtrain.data.Sample;
import org.segtrain.data.Split;
import org.segtrain.metrics.Metrics;
import org.segtrain.train.TinyData;
import org.segtrain.train.TinyRuns;

final class TrainedModelTest {

  @TempDir static Path folder;

  private static RunFolder run;
  private static TrainedModel model;

  @BeforeAll
  static void train() {
    TrainConfig config =
        TinyRuns.config("{\"iterations\": 1, \"accumulate\": 1, \"evalEvery\": 1, \"crop\": 64}");
    run = TinyRuns.run(config, TinyData.STANDARD, 1, folder.resolve("run"));
    model = TrainedModel.load(run.dir(), TinyRuns.oneThread(1));
  }

  @AfterAll
  static void close() {
    model.close();
  }

  @Test
  void knowsWhereItComesFrom() {
    assertEquals(run.best(), model.file());
    assertEquals(List.of("sky", "tree", "road"), model.classes());
    assertEquals(1, model.step());
    assertEquals(64, model.config().data().crop().height());
  }

  @Test
  void theLastCheckpointServesWhereThereIsNoBest() throws IOException {
    RunFolder other = new RunFolder(Files.createDirectories(folder.resolve("no-best")));
    assertRefused(
        () -> TrainedModel.load(other.dir(), TinyRuns.oneThread(1)), "neither best.safetensors");
    Files.copy(run.last(), other.last());
    try (TrainedModel last = TrainedModel.load(other.dir(), TinyRuns.oneThread(1))) {
      assertEquals(other.last(), last.file());
      Picture picture = TinyData.picture("a", 37, 51, 4).picture();
      assertArrayEquals(model.segment(picture), last.segment(picture));
    }
  }

  @Test
  void segmentsAtThePicturesOwnSize() {
    for (int[] size : new int[][] {{37, 51}, {1, 1}, {131, 20}, {64, 64}}) {
      Sample sample = TinyData.picture("odd", size[0], size[1], 1);
      byte[] classes = model.segment(sample.picture());
      assertEquals(size[0] * size[1], classes.length);
      for (byte k : classes) {
        assertTrue(k >= 0 && k < 3, "class " + k);
      }
    }
  }

  @Test
  void segmentsInAnotherThreadAsInThisOne() throws InterruptedException, ExecutionException {
    Picture picture = TinyData.picture("odd", 70, 45, 1).picture();
    FutureTask<byte[]> task = new FutureTask<>(() -> model.segment(picture));
    Thread thread = new Thread(task);
    thread.start();
    thread.join();
    assertArrayEquals(model.segment(picture), task.get());
  }

  @Test
  void evaluationCountsWhatSegmentationGives() {
    long right = 0;
    for (int i = 0; i < 2; i++) {
      Sample sample = TinyData.STANDARD.read(Split.VALIDATION, i);
      byte[] classes = model.segment(sample.picture());
      for (int p = 0; p < classes.length; p++) {
        right += classes[p] == sample.labels()[p] ? 1 : 0;
      }
    }
    Metrics metrics = model.evaluate(TinyData.STANDARD, Split.VALIDATION).metrics();
    assertEquals(right / (2.0 * 64 * 64), metrics.accuracy(), 1e-12);
  }

  @Test
  void otherClassesAreRefusedWithTheFirstThatDiffers() {
    assertRefused(
        () ->
            model.evaluate(TinyData.STANDARD.withClasses("sky", "bush", "road"), Split.VALIDATION),
        "has 3 classes and class 1 \"tree\"",
        "the data set has 3 and \"bush\"");
    assertRefused(
        () -> model.evaluate(TinyData.STANDARD.withClasses("sky", "tree"), Split.VALIDATION),
        "class 2 \"road\"",
        "the data set has 2 and none");
  }

  @Test
  void weightsThatAreNotFiniteAreRefused() throws IOException {
    byte[] bytes = Files.readAllBytes(run.best());
    int header = (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putFloat(8 + header, Float.NaN);
    String start = new String(bytes, 8, header, StandardCharsets.UTF_8);
    byte[] unknown =
        start.replaceAll("(crc32c\":\")[0-9a-f]{8}", "$100000000").getBytes(StandardCharsets.UTF_8);
    System.arraycopy(unknown, 0, bytes, 8, header);
    Path file = Files.write(folder.resolve("diverged.safetensors"), bytes);
    CRC32C sum = new CRC32C();
    sum.update(bytes);
    byte[] known =
        new String(unknown, StandardCharsets.UTF_8)
            .replace("crc32c\":\"00000000", "crc32c\":\"%08x".formatted(sum.getValue()))
            .getBytes(StandardCharsets.UTF_8);
    System.arraycopy(known, 0, bytes, 8, header);
    Files.write(file, bytes);
    assertRefused(() -> TrainedModel.load(file, TinyRuns.oneThread(1)), "are not finite");
  }
}
