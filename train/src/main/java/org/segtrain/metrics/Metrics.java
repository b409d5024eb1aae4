package org.segtrain.metrics;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * What a confusion matrix says. A class that is neither in the labels nor in the predictions has no
 * IoU (NaN), one that is not in the labels no accuracy; means leave them out, as MMSegmentation's
 * do.
 *
 * @param classes names
 * @param iou intersection over union of each class, 0-1
 * @param accuracies share of each class's pixels that were found, 0-1
 * @param accuracy share of all pixels that were found (aAcc), 0-1
 */
public record Metrics(
    List<String> classes, List<Double> iou, List<Double> accuracies, double accuracy) {

  public Metrics {
    classes = List.copyOf(classes);
    iou = List.copyOf(iou);
    accuracies = List.copyOf(accuracies);
  }

  /**
   * Evaluates a confusion matrix.
   *
   * @param counts true class by predicted class
   */
  public static Metrics of(List<String> classes, long[][] counts) {
    int size = counts.length;
    Double[] iou = new Double[size];
    Double[] accuracies = new Double[size];
    long found = 0;
    long all = 0;
    for (int i = 0; i < size; i++) {
      int own = i;
      long labelled = Arrays.stream(counts[i]).sum();
      long predicted = IntStream.range(0, size).mapToLong(j -> counts[j][own]).sum();
      long both = counts[i][i];
      iou[i] = both / (double) (labelled + predicted - both);
      accuracies[i] = both / (double) labelled;
      found += both;
      all += labelled;
    }
    return new Metrics(
        classes, Arrays.asList(iou), Arrays.asList(accuracies), found / (double) all);
  }

  /** Mean IoU over the classes that have one (mIoU), 0-1. */
  public double meanIou() {
    return mean(iou);
  }

  /** Mean accuracy over the classes that have one (mAcc), 0-1. */
  public double meanAccuracy() {
    return mean(accuracies);
  }

  private static double mean(List<Double> values) {
    DoubleStream known = values.stream().mapToDouble(v -> v).filter(v -> !Double.isNaN(v));
    return known.average().orElse(Double.NaN);
  }
}
