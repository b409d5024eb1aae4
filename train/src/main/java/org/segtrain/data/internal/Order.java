package org.segtrain.data.internal;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** The order of a training run, and its random numbers, as functions of seed, epoch and index. */
public final class Order implements Turns {

  private static final int SHUFFLE = -1; // in place of an index

  private final long seed;
  private final int size;
  private long epoch = -1;
  private int[] indices;

  /** The order of {@code size} samples. */
  public Order(long seed, int size) {
    this.seed = seed;
    this.size = size;
  }

  /** The turn at a position counted from the start of the run, over all epochs. */
  @Override
  public Turn at(long position) {
    long wanted = position / size;
    if (wanted != epoch) {
      indices = shuffled(wanted);
      epoch = wanted;
    }
    int index = indices[(int) (position % size)];
    return new Turn(index, random(seed, epoch, index));
  }

  private int[] shuffled(long epoch) {
    RandomGenerator random = random(seed, epoch, SHUFFLE);
    int[] order = new int[size];
    for (int i = 0; i < size; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  /** The random numbers of a sample in an epoch. */
  public static RandomGenerator random(long seed, long epoch, int index) {
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
