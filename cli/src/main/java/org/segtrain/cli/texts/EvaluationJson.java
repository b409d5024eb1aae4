package org.segtrain.cli.texts;

import java.util.List;
import org.segtrain.inference.EvaluationSource;
import org.segtrain.metrics.ClassCounts;
import org.segtrain.metrics.Evaluation;
import org.segtrain.metrics.Interval;
import org.segtrain.metrics.Metrics;

/**
 * An evaluation as JSON. Shares are 0-1, unknown ones null.
 *
 * @param source the model and the data
 * @param measured number of images
 * @param pixels that are labelled
 * @param meanIouInterval 95 %, over images
 */
public record EvaluationJson(
    EvaluationSource source,
    int measured,
    long pixels,
    double meanIou,
    Interval meanIouInterval,
    Means means,
    List<ClassJson> classes) {

  /** Of all classes. */
  public record Means(
      double meanAccuracy,
      double accuracy,
      double meanPrecision,
      double meanF1,
      double frequencyWeightedIou,
      double meanBoundaryIou) {}

  /**
   * A class.
   *
   * @param pixels that are labelled
   * @param predicted pixels, of those labelled
   */
  public record ClassJson(
      int label,
      String name,
      double iou,
      double accuracy,
      double precision,
      double f1,
      double boundaryIou,
      long pixels,
      long predicted) {}

  public EvaluationJson {
    classes = List.copyOf(classes);
  }

  public static EvaluationJson of(EvaluationSource source, Evaluation evaluation) {
    Metrics metrics = evaluation.metrics();
    Metrics boundary = evaluation.boundaryMetrics();
    return new EvaluationJson(
        source,
        evaluation.images().size(),
        metrics.pixels(),
        metrics.meanIou(),
        evaluation.meanIouInterval(),
        new Means(
            metrics.meanAccuracy(),
            metrics.accuracy(),
            metrics.meanPrecision(),
            metrics.meanF1(),
            metrics.frequencyWeightedIou(),
            boundary.meanIou()),
        metrics.counts().stream()
            .map(count -> of(count, metrics.classes(), boundary.counts()))
            .toList());
  }

  private static ClassJson of(ClassCounts count, List<String> names, List<ClassCounts> boundary) {
    return new ClassJson(
        count.label(),
        names.get(count.label()),
        count.iou(),
        count.recall(),
        count.precision(),
        count.f1(),
        boundary.get(count.label()).iou(),
        count.labelled(),
        count.predicted());
  }
}
