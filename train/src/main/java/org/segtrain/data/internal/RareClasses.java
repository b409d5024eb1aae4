package org.segtrain.data.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import org.segtrain.data.Dataset;
import org.segtrain.data.Sample;
import org.segtrain.data.Split;
import org.segtrain.errors.DataException;

/**
 * Rare class sampling: each turn draws a class, rare ones more often, and then one of the samples
 * that have it (DAFormer, arXiv:2111.14887, section 3.3, equations 1-2).
 */
public final class RareClasses implements Turns {

  private final long seed;
  private final double[] upTo; // sums of the probabilities of the classes
  private final List<int[]> samples; // that have each class
  private final double[] weights; // of the samples
  private final double[] largest; // of these of each class

  private RareClasses(long seed, double[] upTo, List<int[]> samples, double[] weights) {
    this.seed = seed;
    this.upTo = upTo;
    this.samples = samples;
    this.weights = weights;
    this.largest =
        samples.stream()
            .mapToDouble(with -> Arrays.stream(with).mapToDouble(i -> weights[i]).max().orElse(0))
            .toArray();
  }

  /**
   * Reads the labels of every training sample. A sample counts as often as it would come in an
   * epoch.
   *
   * @param temperature T, above 0: the smaller, the more often rare classes come
   * @param workers threads that read
   * @throws DataException if a sample cannot be read, or none has a class
   */
  public static RareClasses of(Dataset dataset, double temperature, long seed, int workers) {
    int classes = dataset.classes().size();
    List<long[]> counts = counts(dataset, workers);
    double[] weights = Portioned.weights(Portioned.of(dataset));
    double[] pixels = new double[classes];
    List<int[]> samples = new ArrayList<>();
    for (int k = 0; k < classes; k++) {
      List<Integer> with = new ArrayList<>();
      for (int i = 0; i < counts.size(); i++) {
        pixels[k] += weights[i] * counts.get(i)[k];
        if (counts.get(i)[k] > 0) {
          with.add(i);
        }
      }
      samples.add(with.stream().mapToInt(Integer::intValue).toArray());
    }
    return new RareClasses(seed, sums(probabilities(pixels, temperature)), samples, weights);
  }

  /** Softmax of (1 - share of the pixels that have a class) / T, over the classes that occur. */
  static double[] probabilities(double[] pixels, double temperature) {
    double all = 0;
    double rarest = Double.MAX_VALUE;
    for (double count : pixels) {
      all += count;
      rarest = count > 0 ? Math.min(rarest, count) : rarest;
    }
    if (all == 0) {
      throw new DataException("no training sample has a pixel with a class; look at the masks");
    }
    double[] probabilities = new double[pixels.length];
    double sum = 0;
    for (int k = 0; k < pixels.length; k++) {
      double behind = (pixels[k] - rarest) / all; // the largest exponent becomes 0
      probabilities[k] = pixels[k] == 0 ? 0 : StrictMath.exp(-behind / temperature);
      sum += probabilities[k];
    }
    for (int k = 0; k < pixels.length; k++) {
      probabilities[k] /= sum;
    }
    return probabilities;
  }

  private static double[] sums(double[] probabilities) {
    double[] sums = probabilities.clone();
    for (int k = 1; k < sums.length; k++) {
      sums[k] += sums[k - 1];
    }
    return sums;
  }

  private static List<long[]> counts(Dataset dataset, int workers) {
    ExecutorService pool = Executors.newFixedThreadPool(workers);
    try {
      List<Future<long[]>> coming = new ArrayList<>();
      for (int i = 0; i < dataset.size(Split.TRAINING); i++) {
        int index = i;
        coming.add(pool.submit(() -> count(dataset.labels(Split.TRAINING, index))));
      }
      List<long[]> counts = new ArrayList<>();
      for (Future<long[]> count : coming) {
        counts.add(Awaited.of(count, "a sample"));
      }
      return counts;
    } finally {
      pool.shutdownNow();
    }
  }

  private static long[] count(byte[] labels) {
    long[] counts = new long[Sample.VOID + 1];
    for (byte label : labels) {
      counts[Byte.toUnsignedInt(label)]++;
    }
    return counts;
  }

  @Override
  public Turn at(long position) {
    RandomGenerator random = Order.random(seed, position, 0);
    double drawn = random.nextDouble() * upTo[upTo.length - 1];
    int k = 0;
    while (upTo[k] <= drawn || samples.get(k).length == 0) {
      k++;
    }
    return new Turn(drawn(samples.get(k), largest[k], random), random);
  }

  /** One of the samples, as often as its weight has it; one of the largest at the first try. */
  private int drawn(int[] with, double most, RandomGenerator random) {
    int index = with[random.nextInt(with.length)];
    while (weights[index] < most && random.nextDouble() * most >= weights[index]) {
      index = with[random.nextInt(with.length)];
    }
    return index;
  }
}
