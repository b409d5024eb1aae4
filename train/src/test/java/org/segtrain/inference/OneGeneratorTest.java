package org.segtrain.inference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.segtrain.data.Picture;
import org.segtrain.engine.internal.RandomNumbers;
import org.segtrain.train.TinyData;
import org.segtrain.train.TinyRuns;

/** While one thread draws random numbers, others may use models; who needs numbers waits. */
@Tag("slow")
@SuppressWarnings("try") // the random numbers are there to be closed
final class OneGeneratorTest {

  private static final int SECONDS = 60;
  private static final long MILLISECONDS = 300;

  @TempDir static Path folder;

  private static TrainedModel trained;

  @BeforeAll
  static void train() {
    TinyRuns.run(
        TinyRuns.config("{\"iterations\": 1, \"evalEvery\": 1}"), TinyData.STANDARD, 1, folder);
    trained = TrainedModel.load(folder, TinyRuns.oneThread(1));
  }

  @AfterAll
  static void close() {
    trained.close();
  }

  @Test
  void predictionsWaitForNobody() throws Exception {
    Picture picture = TinyData.picture("a", 70, 45, 4).picture();
    byte[] classes = trained.segment(picture);
    try (RandomNumbers own = RandomNumbers.of(1)) {
      CompletableFuture<byte[]> other =
          CompletableFuture.supplyAsync(() -> trained.segment(picture));
      assertArrayEquals(classes, other.get(SECONDS, TimeUnit.SECONDS));
    }
  }

  @Test
  void modelsAreOpenedAndTrainedInTurn() throws Exception {
    CompletableFuture<Void> opened;
    CompletableFuture<Void> resumed;
    try (RandomNumbers own = RandomNumbers.of(1)) {
      opened = CompletableFuture.runAsync(OneGeneratorTest::open);
      resumed = CompletableFuture.runAsync(OneGeneratorTest::resume);
      assertThrows(TimeoutException.class, () -> opened.get(MILLISECONDS, TimeUnit.MILLISECONDS));
      assertThrows(TimeoutException.class, () -> resumed.get(MILLISECONDS, TimeUnit.MILLISECONDS));
    }
    opened.get(SECONDS, TimeUnit.SECONDS);
    resumed.get(SECONDS, TimeUnit.SECONDS);
  }

  private static void open() {
    TrainedModel.load(folder, TinyRuns.oneThread(1)).close();
  }

  private static void resume() {
    TinyRuns.run(
        TinyRuns.config("{\"iterations\": 2, \"evalEvery\": 2}"), TinyData.STANDARD, 1, folder);
  }
}
