package org.segtrain.data.internal;

import java.util.List;
import java.util.stream.DoubleStream;
import org.segtrain.data.Dataset;
import org.segtrain.data.Split;
import org.segtrain.errors.UsageException;

/** A data set in which some training samples come more often than others. */
public interface Portioned {

  /** Turns of an epoch, whose order is kept, eight bytes each. */
  int MOST_TURNS = 1 << 28;

  /**
   * Samples that follow one another.
   *
   * @param size how many they are
   * @param weight how often each comes in an epoch, on average
   */
  record Portion(int size, double weight) {

    /** The turns that all of them have together in an epoch, at least one if there are any. */
    public long turns() {
      return Math.max(Math.min(1, size), Math.round(weight * size));
    }
  }

  /** Those of the training split, in its order. */
  List<Portion> portions();

  /** Those of {@code dataset}: all samples once an epoch, unless it says otherwise. */
  static List<Portion> of(Dataset dataset) {
    return dataset instanceof Portioned some
        ? some.portions()
        : List.of(new Portion(dataset.size(Split.TRAINING), 1));
  }

  /** The weight of each sample. */
  static double[] weights(List<Portion> portions) {
    return portions.stream()
        .flatMapToDouble(portion -> DoubleStream.generate(portion::weight).limit(portion.size()))
        .toArray();
  }

  /**
   * The turns of an epoch.
   *
   * @throws UsageException if they are too many to be counted
   */
  static int turns(List<Portion> portions) {
    long turns = portions.stream().mapToLong(Portion::turns).sum();
    if (turns > MOST_TURNS) {
      throw new UsageException(
          "an epoch would have %d images, but at most %d; lower the weights of data.parts"
              .formatted(turns, MOST_TURNS));
    }
    return (int) turns;
  }
}
