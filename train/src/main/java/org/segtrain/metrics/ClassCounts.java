package org.segtrain.metrics;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Pixels of one class, among those that are labelled. Each share is NaN where it would divide by
 * nothing. In JSON it is a list of its four numbers.
 *
 * @param label of the class
 * @param labelled pixels of the class in the labels
 * @param predicted pixels of the class in the predictions
 * @param both pixels of the class in both
 */
@JsonFormat(shape = JsonFormat.Shape.ARRAY)
@JsonPropertyOrder({"label", "labelled", "predicted", "both"})
public record ClassCounts(int label, long labelled, long predicted, long both) {

  /** Those of each class of a confusion matrix, true class by predicted class. */
  public static List<ClassCounts> of(long[][] matrix) {
    return IntStream.range(0, matrix.length).mapToObj(k -> of(matrix, k)).toList();
  }

  private static ClassCounts of(long[][] matrix, int label) {
    long labelled = 0;
    long predicted = 0;
    for (int i = 0; i < matrix.length; i++) {
      labelled += matrix[label][i];
      predicted += matrix[i][label];
    }
    return new ClassCounts(label, labelled, predicted, matrix[label][label]);
  }

  /** Pixels of the class in the labels or in the predictions. */
  public long either() {
    return labelled + predicted - both;
  }

  /** Intersection over union, 0-1. */
  public double iou() {
    return both / (double) either();
  }

  /** Share of the labelled pixels that were found, 0-1; also called accuracy. */
  public double recall() {
    return both / (double) labelled;
  }

  /** Share of the predicted pixels that are right, 0-1. */
  public double precision() {
    return both / (double) predicted;
  }

  /** Harmonic mean of precision and recall, 0-1; also called Dice. 0 if nothing was found. */
  public double f1() {
    return 2 * both / (double) (labelled + predicted);
  }

  ClassCounts plus(ClassCounts more) {
    return new ClassCounts(
        label, labelled + more.labelled, predicted + more.predicted, both + more.both);
  }
}
