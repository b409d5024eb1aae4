package org.segtrain.metrics;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;

/**
 * Percentile bootstrap over images: as many images as there are, drawn with replacement, give one
 * mIoU of their summed counts, and that a thousand times. Efron and Tibshirani, "An Introduction to
 * the Bootstrap" (1993), section 13.3.
 */
final class Bootstrap {

  static final int RESAMPLES = 1000;
  static final double CERTAINTY = 0.95;
  static final long SEED = 0;

  private final int classes;
  private final int images;
  private final long[][] counts; // of each image: label, pixels in both, in either, and so on

  /** Of images with at least one labelled pixel each. */
  Bootstrap(int classes, List<ImageCounts> images) {
    this.classes = classes;
    this.images = images.size();
    this.counts = images.stream().map(Bootstrap::packed).toArray(long[][]::new);
  }

  private static long[] packed(ImageCounts image) {
    return image.counts().stream()
        .flatMapToLong(count -> LongStream.of(count.label(), count.both(), count.either()))
        .toArray();
  }

  /** The same for the same images in the same order, on every machine. */
  Interval meanIou() {
    if (images < 2) {
      return new Interval(Double.NaN, Double.NaN, images);
    }
    Random random = new Random(SEED); // whose numbers Java promises
    double[] means = new double[RESAMPLES];
    for (int i = 0; i < means.length; i++) {
      means[i] = resampled(random);
    }
    Arrays.sort(means);
    double tail = (1 - CERTAINTY) / 2;
    return new Interval(quantile(means, tail), quantile(means, 1 - tail), images);
  }

  private double resampled(Random random) {
    long[] both = new long[classes];
    long[] either = new long[classes];
    for (int i = 0; i < images; i++) {
      long[] drawn = counts[random.nextInt(images)];
      for (int c = 0; c < drawn.length; c += 3) {
        int label = (int) drawn[c];
        both[label] += drawn[c + 1];
        either[label] += drawn[c + 2];
      }
    }
    double sum = 0;
    int known = 0;
    for (int k = 0; k < classes; k++) {
      if (either[k] > 0) {
        sum += both[k] / (double) either[k];
        known++;
      }
    }
    return sum / known;
  }

  /** Linear between the two values nearest to it, as NumPy's. */
  static double quantile(double[] sorted, double share) {
    double place = share * (sorted.length - 1);
    int below = (int) place;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }
}
