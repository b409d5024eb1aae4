package org.segtrain.metrics;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import java.util.stream.DoubleStream;

/**
 * The figures of a confusion matrix. A class without labels and predictions has no IoU and no F1
 * (NaN); without labels it has no accuracy, without predictions no precision. Means leave them out,
 * as MMSegmentation's do.
 *
 * @param classes names
 * @param counts of each class, in the order of the labels
 */
public record Metrics(List<String> classes, List<ClassCounts> counts) {

  public Metrics {
    classes = List.copyOf(classes);
    counts = List.copyOf(counts);
  }

  /**
   * Evaluates a confusion matrix.
   *
   * @param matrix true class by predicted class
   */
  public static Metrics of(List<String> classes, long[][] matrix) {
    return new Metrics(classes, ClassCounts.of(matrix));
  }

  /** Intersection over union of each class, 0-1. */
  public List<Double> iou() {
    return each(ClassCounts::iou);
  }

  /** Share of each class's pixels that were found, 0-1: its recall. */
  public List<Double> accuracies() {
    return each(ClassCounts::recall);
  }

  /** Mean IoU over the classes that have one (mIoU), 0-1. */
  public double meanIou() {
    return mean(iou());
  }

  /** Mean accuracy over the classes that have one (mAcc), 0-1. */
  public double meanAccuracy() {
    return mean(accuracies());
  }

  /** Mean precision over the classes that have one, 0-1. */
  public double meanPrecision() {
    return mean(each(ClassCounts::precision));
  }

  /**
   * Mean F1 over the classes that have one, 0-1: MMSegmentation's mDice. Its mFscore leaves out the
   * classes of which nothing was found, which count as 0 here.
   */
  public double meanF1() {
    return mean(each(ClassCounts::f1));
  }

  /** Share of all pixels that were found (aAcc), 0-1. */
  public double accuracy() {
    return sum(ClassCounts::both) / (double) pixels();
  }

  /**
   * Mean IoU where a class weighs as much as it has labelled pixels, 0-1. Long et al., "Fully
   * Convolutional Networks for Semantic Segmentation" (arXiv:1411.4038), section 5.
   */
  public double frequencyWeightedIou() {
    double weighted =
        counts.stream()
            .filter(count -> count.labelled() > 0)
            .mapToDouble(count -> count.labelled() * count.iou())
            .sum();
    return weighted / pixels();
  }

  /** Labelled pixels of all classes. */
  public long pixels() {
    return sum(ClassCounts::labelled);
  }

  private List<Double> each(ToDoubleFunction<ClassCounts> share) {
    return counts.stream().map(share::applyAsDouble).toList();
  }

  private long sum(ToLongFunction<ClassCounts> pixels) {
    return counts.stream().mapToLong(pixels).sum();
  }

  private static double mean(List<Double> values) {
    DoubleStream known = values.stream().mapToDouble(v -> v).filter(v -> !Double.isNaN(v));
    return known.average().orElse(Double.NaN);
  }
}
