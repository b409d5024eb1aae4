package org.segtrain.engine.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

@SuppressWarnings("try") // the random numbers are there to be closed
class RandomNumbersTest {

  private static final long MILLISECONDS = 100;

  @Test
  void othersWaitUntilTheFirstHasItsNumbers() throws Exception {
    float[] alone;
    try (RandomNumbers own = RandomNumbers.of(5)) {
      alone = draw();
    }
    CompletableFuture<float[]> other;
    try (RandomNumbers own = RandomNumbers.of(5)) {
      other = CompletableFuture.supplyAsync(RandomNumbersTest::anyNumbers);
      assertThrows(TimeoutException.class, () -> other.get(MILLISECONDS, TimeUnit.MILLISECONDS));
      assertArrayEquals(alone, draw());
    }
    assertTrue(other.get(10, TimeUnit.SECONDS).length > 0);
  }

  @Test
  void whoHasItMayTakeItAgain() {
    try (RandomNumbers own = RandomNumbers.of(5)) {
      float[] first = draw();
      try (RandomNumbers again = RandomNumbers.of(5)) {
        assertArrayEquals(first, draw());
      }
    }
  }

  private static float[] anyNumbers() {
    try (RandomNumbers own = RandomNumbers.any()) {
      return draw();
    }
  }

  private static float[] draw() {
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      return manager.randomNormal(new Shape(8)).toFloatArray();
    }
  }
}
