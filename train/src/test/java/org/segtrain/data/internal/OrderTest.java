package org.segtrain.data.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.segtrain.data.Refusals;
import org.segtrain.data.internal.Portioned.Portion;

final class OrderTest {

  /** Runs of earlier versions go on in it. */
  @Test
  void samplesThatComeOnceAnEpochHaveTheOrderThatTheyAlwaysHad() {
    Order order = new Order(11, 7);
    for (int epoch = 0; epoch < 3; epoch++) {
      RandomGenerator random = Order.random(11, epoch, -1);
      int[] shuffled = new int[7];
      for (int i = 0; i < shuffled.length; i++) {
        int j = random.nextInt(i + 1);
        shuffled[i] = shuffled[j];
        shuffled[j] = i;
      }
      for (int i = 0; i < shuffled.length; i++) {
        Turns.Turn turn = order.at(7 * epoch + i);
        assertEquals(shuffled[i], turn.index());
        assertEquals(Order.random(11, epoch, shuffled[i]).nextLong(), turn.random().nextLong());
      }
    }
    Order joined = new Order(11, List.of(new Portion(3, 1), new Portion(4, 1)));
    assertEquals(indices(order, 0, 21), indices(joined, 0, 21));
  }

  @ParameterizedTest
  @CsvSource({"10, 0.5, 5", "7, 0.3, 2", "4, 3, 12", "5, 1.5, 8", "3, 0.01, 1", "6, 1, 6"})
  void eachSampleComesAsOftenAsItsWeightSays(int size, double weight, int turns) {
    Order order = new Order(3, List.of(new Portion(2, 1), new Portion(size, weight)));
    int epochs = 40;
    int[] counts = new int[2 + size];
    for (int epoch = 0; epoch < epochs; epoch++) {
      List<Integer> drawn = indices(order, (long) epoch * (2 + turns), 2 + turns);
      drawn.forEach(index -> counts[index]++);
      assertEquals(turns, drawn.stream().filter(index -> index >= 2).count());
      int[] some = Arrays.copyOfRange(counts, 2, 2 + size);
      int least = Arrays.stream(some).min().orElseThrow();
      assertTrue(Arrays.stream(some).max().orElseThrow() <= least + 1, Arrays.toString(counts));
    }
    assertEquals(epochs, counts[0]);
    assertEquals(epochs * turns, Arrays.stream(counts).skip(2).sum());
  }

  @Test
  void aSampleThatComesAgainInAnEpochIsAugmentedOtherwise() {
    Order order = new Order(3, List.of(new Portion(2, 4)));
    HashSet<Long> numbers = new HashSet<>();
    LongStream.range(0, 8).forEach(i -> numbers.add(order.at(i).random().nextLong()));
    assertEquals(8, numbers.size());
  }

  @Test
  void theSamplesOfASmallShareChange() {
    Order order = new Order(3, List.of(new Portion(100, 0.1)));
    List<Integer> first = indices(order, 0, 10);
    assertNotEquals(IntStream.range(0, 10).boxed().toList(), first.stream().sorted().toList());
    assertTrue(indices(order, 10, 10).stream().noneMatch(first::contains));
  }

  @Test
  void turnsDependOnThePositionAlone() {
    List<Portion> portions = List.of(new Portion(9, 0.7), new Portion(4, 2.5));
    List<Integer> all = indices(new Order(5, portions), 0, 100);
    Order again = new Order(5, portions);
    for (int i : new int[] {99, 3, 50, 0}) {
      assertEquals(all.get(i), again.at(i).index());
    }
  }

  @Test
  void moreTurnsThanCanBeKeptAreRefused() {
    Refusals.assertUsage(
        () -> new Order(0, List.of(new Portion(1 << 30, 1), new Portion(1 << 30, 500))),
        "an epoch would have 537944653824 images",
        "lower the weights of data.parts");
  }

  private static List<Integer> indices(Order order, long from, int count) {
    return new ArrayList<>(
        IntStream.range(0, count).mapToObj(i -> order.at(from + i).index()).toList());
  }
}
