package org.segtrain.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntUnaryOperator;

/**
 * Percentile bootstrap of the difference between two models. Both are measured on the same images
 * drawn with replacement, so the effect of an image on both cancels out. Efron and Tibshirani, "An
 * Introduction to the Bootstrap" (1993), section 13.3.
 */
final class PairedBootstrap {

  private final int classes;
  private final List<ImageCounts> one;
  private final List<ImageCounts> other;

  /** Of the same images with labels in the same order. */
  PairedBootstrap(int classes, List<ImageCounts> one, List<ImageCounts> other) {
    this.classes = classes;
    this.one = one;
    this.other = other;
  }

  /** Sums of pixels by class, from which IoU follows. */
  private final class Sums {
    private final long[] both = new long[classes];
    private final long[] either = new long[classes];

    void add(ImageCounts image) {
      for (ClassCounts count : image.counts()) {
        both[count.label()] += count.both();
        either[count.label()] += count.either();
      }
    }

    /** IoU of each class, and behind them their mean; NaN where there is none. */
    double[] figures() {
      double[] figures = new double[classes + 1];
      double sum = 0;
      int known = 0;
      for (int k = 0; k < classes; k++) {
        figures[k] = both[k] / (double) either[k];
        if (either[k] > 0) {
          sum += figures[k];
          known++;
        }
      }
      figures[classes] = sum / known;
      return figures;
    }
  }

  /** Of the IoU of each class, and behind them of their mean. */
  List<Difference> differences() {
    double[] found = difference(i -> i);
    double[][] drawn = new double[Bootstrap.RESAMPLES][];
    Random random = new Random(Bootstrap.SEED);
    int images = one.size();
    for (int i = 0; i < drawn.length && images > 1; i++) {
      drawn[i] = difference(unused -> random.nextInt(images));
    }
    List<Difference> differences = new ArrayList<>();
    for (int k = 0; k <= classes; k++) {
      differences.add(difference(found[k], images > 1 ? column(drawn, k) : new double[0]));
    }
    return differences;
  }

  private double[] difference(IntUnaryOperator choice) {
    Sums mine = new Sums();
    Sums theirs = new Sums();
    for (int i = 0; i < one.size(); i++) {
      int drawn = choice.applyAsInt(i);
      mine.add(one.get(drawn));
      theirs.add(other.get(drawn));
    }
    double[] figures = mine.figures();
    double[] others = theirs.figures();
    for (int k = 0; k < figures.length; k++) {
      figures[k] -= others[k];
    }
    return figures;
  }

  /** The known values of a figure, sorted. */
  private static double[] column(double[][] drawn, int k) {
    return Arrays.stream(drawn)
        .mapToDouble(row -> row[k])
        .filter(value -> !Double.isNaN(value))
        .sorted()
        .toArray();
  }

  /** Of a class that most resamples lack, the interval is unknown. */
  private static Difference difference(double value, double[] sorted) {
    if (sorted.length <= Bootstrap.RESAMPLES / 2) {
      return new Difference(value, Double.NaN, Double.NaN);
    }
    double tail = (1 - Bootstrap.CERTAINTY) / 2;
    return new Difference(
        value, Bootstrap.quantile(sorted, tail), Bootstrap.quantile(sorted, 1 - tail));
  }
}
