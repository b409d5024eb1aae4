package org.segtrain.data.internal;

import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.segtrain.data.internal.Portioned.Portion;

/**
 * The order of a training run, and its random numbers, as functions of seed, epoch and index.
 *
 * <p>An epoch shuffles all its turns. A portion whose samples do not come once an epoch goes
 * through them in laps, each in an order of its own. An epoch has the next of its turns, so no
 * sample is ever more than one turn ahead of another.
 */
public final class Order implements Turns {

  private static final int SHUFFLE = -1; // in place of an index

  private final long seed;
  private final int size;
  private final List<Portion> portions;
  private final int turns;
  private long epoch = -1;
  private long[] order = {};

  /** The order of {@code size} samples, each once an epoch. */
  public Order(long seed, int size) {
    this(seed, List.of(new Portion(size, 1)));
  }

  /**
   * The order of samples that come more or less often.
   *
   * @throws org.segtrain.errors.UsageException if an epoch has too many turns
   */
  public Order(long seed, List<Portion> portions) {
    this.seed = seed;
    this.size = portions.stream().mapToInt(Portion::size).sum();
    this.portions = List.copyOf(portions);
    this.turns = Portioned.turns(portions);
  }

  /** The turn at a position counted from the start of the run, over all epochs. */
  @Override
  public Turn at(long position) {
    long wanted = position / turns;
    if (wanted != epoch) {
      order = shuffled(ofEpoch(wanted), random(seed, wanted, SHUFFLE));
      epoch = wanted;
    }
    long turn = order[(int) (position % turns)];
    return new Turn((int) (turn % size), random(seed, epoch, turn));
  }

  /** Which samples come in an epoch: the index, plus {@code size} for each lap before it. */
  private long[] ofEpoch(long epoch) {
    long[] all = new long[turns];
    int filled = 0;
    int offset = 0;
    for (int i = 0; i < portions.size(); i++) {
      int samples = portions.get(i).size();
      long first = epoch * portions.get(i).turns();
      long end = first + portions.get(i).turns();
      long before = samples == 0 ? 0 : first / samples;
      for (long lap = before; lap * samples < end; lap++) {
        long start = lap * samples;
        int from = (int) Math.max(0, first - start);
        int to = (int) Math.min(samples, end - start);
        long[] drawn = lap(i, lap, to - from);
        for (int k = from; k < to; k++) {
          all[filled++] = (lap - before) * size + offset + drawn[k];
        }
      }
      offset += samples;
    }
    return all;
  }

  /** The samples of a portion in the order of a lap, which does not matter if all of them come. */
  private long[] lap(int portion, long lap, int count) {
    int samples = portions.get(portion).size();
    long[] all = LongStream.range(0, samples).toArray();
    return count == samples ? all : shuffled(all, random(seed, lap, SHUFFLE - 1 - portion));
  }

  private static long[] shuffled(long[] values, RandomGenerator random) {
    long[] order = new long[values.length];
    for (int i = 0; i < values.length; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = values[i];
    }
    return order;
  }

  /** The random numbers of a turn of an epoch: that of a sample, and others if it comes again. */
  public static RandomGenerator random(long seed, long epoch, long index) {
    return new SplittableRandom(mix(mix(mix(seed) + epoch) + index));
  }

  /** A bijection in which every bit of the input reaches every bit (MurmurHash3's finaliser). */
  private static long mix(long x) {
    long z = x + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 33)) * 0xFF51AFD7ED558CCDL;
    z = (z ^ (z >>> 33)) * 0xC4CEB9FE1A85EC53L;
    return z ^ (z >>> 33);
  }
}
