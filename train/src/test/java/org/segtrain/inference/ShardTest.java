package org.segtrain.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.segtrain.data.Refusals.assertUsage;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ShardTest {

  @Test
  void shardsHaveEachImageOnce() {
    for (int all = 0; all < 12; all++) {
      for (int count = 1; count < 6; count++) {
        List<Integer> indices = new ArrayList<>();
        for (int number = 1; number <= count; number++) {
          Shard shard = new Shard(number, count);
          IntStream.range(0, shard.size(all)).map(shard::index).forEach(indices::add);
        }
        Collections.sort(indices);
        assertEquals(IntStream.range(0, all).boxed().toList(), indices);
      }
    }
  }

  @Test
  void everyFourthImageIsOfTheSecondOfFour() {
    assertEquals(5, Shard.of("2/4").index(1));
    assertEquals("2/4", Shard.of("2/4").toString());
  }

  @Test
  void othersAreRefused() {
    assertUsage(() -> Shard.of("5/4"), "1/4 to 4/4", "5/4");
    assertUsage(() -> Shard.of("0/4"), "0/4");
    assertUsage(() -> Shard.of("2"), "such as 2/4", "\"2\"");
    assertUsage(() -> Shard.of("1/0"), "such as 2/4", "1/0");
  }
}
