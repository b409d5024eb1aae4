package org.segtrain.collectives;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Collectives of groups whose processes are threads here. */
class GroupTest {

  @Test
  void arraysAreSummedInPlaceInBuckets() {
    Ranks.run(
        3,
        group -> {
          try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            List<NDArray> arrays =
                List.of(
                    manager.full(new Shape(2, 3), group.rank() + 1f),
                    manager.full(new Shape(7_000_000), 10f * group.rank()), // more than a bucket
                    manager.create(new long[] {group.rank(), 5}));
            group.sum(arrays);
            assertArrayEquals(new float[] {6, 6, 6, 6, 6, 6}, arrays.get(0).toFloatArray());
            assertEquals(30, arrays.get(1).getFloat(6_999_999));
            assertArrayEquals(new long[] {3, 15}, arrays.get(2).toLongArray());
          }
        });
  }

  @Test
  void textsAndNumbersComeByRank() {
    Ranks.run(
        2,
        group -> {
          List<String> texts = group.gather(group.isFirst() ? "" : "größer\n");
          assertEquals(List.of("", "größer\n"), texts);
          assertArrayEquals(new double[][] {{0.1, 0}, {0.1, 1}}, group.gather(0.1, group.rank()));
        });
  }

  @Test
  void theFirstDifferenceIsFound() {
    Ranks.run(
        2,
        group -> {
          try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            NDArray same = manager.create(new float[] {1, 2, 3});
            NDArray other = manager.create(new float[] {1, group.isFirst() ? 2 : 2.0000002f});
            assertEquals(-1, group.firstDifference(List.of(same, same)));
            assertEquals(1, group.firstDifference(List.of(same, other, other)));
            group.broadcast(List.of(same, other));
            assertEquals(-1, group.firstDifference(List.of(same, other)));
          }
        });
  }

  @Test
  void aFailureIsToldToAll() {
    List<String> said =
        Ranks.failing(
            2,
            group -> {
              if (group.isFirst()) {
                group.gather(1);
              } else {
                group.fail("no space left");
                throw new IllegalStateException("of its own");
              }
            });
    assertTrue(said.get(0).matches("rank 1 on \\S+ failed: no space left"), said.get(0));
    assertEquals("of its own", said.get(1));
  }
}
