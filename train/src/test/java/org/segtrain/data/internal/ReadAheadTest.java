package org.segtrain.data.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.segtrain.data.Refusals.assertRefused;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.segtrain.errors.DataException;

final class ReadAheadTest {

  @Test
  void itemsComeInOrderAndAFaultIsThatOfItsItemAlone() {
    try (ReadAhead<Integer> items =
        new ReadAhead<>(
            20,
            i -> {
              if (i == 3) {
                throw new DataException("the third");
              }
              return i;
            },
            i -> "item " + i)) {
      for (int i = 0; i < 20; i++) {
        if (i == 3) {
          assertThrows(DataException.class, items::next, "the third");
        } else {
          assertEquals(i, items.next());
        }
      }
    }
  }

  @Test
  void theNextItemIsReadBeforeItIsAskedFor() throws InterruptedException {
    CountDownLatch second = new CountDownLatch(1);
    try (ReadAhead<Integer> items =
        new ReadAhead<>(
            2,
            i -> {
              if (i == 1) {
                second.countDown();
              }
              return i;
            },
            i -> "item " + i)) {
      assertEquals(0, items.next());
      assertTrue(second.await(10, TimeUnit.SECONDS));
    }
  }

  @Test
  void theItemForWhichTheHeapHasNoRoomIsNamed() {
    try (ReadAhead<Integer> items =
        new ReadAhead<>(
            3,
            i -> {
              if (i == 1) {
                throw new OutOfMemoryError("Java heap space");
              }
              return i;
            },
            i -> "item " + i)) {
      assertEquals(0, items.next());
      assertRefused(items::next, "item 1 did not fit into the Java heap", "-Xmx");
      assertEquals(2, items.next());
    }
  }
}
