package org.segtrain.train;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.segtrain.checkpoint.internal.RunWriter;
import org.segtrain.config.internal.Json;
import org.segtrain.metrics.Evaluation;
import org.segtrain.metrics.Interval;
import org.segtrain.metrics.Metrics;
import org.segtrain.report.RunHistory;

/**
 * Progress as lines of the run's {@code log.jsonl}, an object for each step and evaluation, which
 * are told its history too.
 */
record RunLog(RunWriter run, RunHistory history) implements Progress {

  /**
   * An evaluation, a line of the log.
   *
   * <p>Unknown figures are null: each share if no pixel is labelled, and the IoU of a class that
   * did not occur.
   *
   * @param meanIouInterval its 95 % confidence interval over images: low and high; null if unknown
   * @param iou of each class by its name, 0-1
   */
  private record EvaluationLine(
      long step,
      @JsonProperty("mean_iou") double meanIou,
      @JsonProperty("mean_iou_interval") List<Double> meanIouInterval,
      @JsonProperty("mean_accuracy") double meanAccuracy,
      double accuracy,
      @JsonProperty("frequency_weighted_iou") double frequencyWeightedIou,
      @JsonProperty("mean_f1") double meanF1,
      @JsonProperty("mean_boundary_iou") double meanBoundaryIou,
      Map<String, Double> iou) {}

  @Override
  public void step(StepReport step) {
    log(step);
  }

  @Override
  public void evaluated(EvaluationReport evaluation) {
    Evaluation found = evaluation.evaluation();
    Metrics metrics = found.metrics();
    Interval interval = evaluation.meanIouInterval();
    Map<String, Double> iou = new LinkedHashMap<>();
    for (int i = 0; i < metrics.classes().size(); i++) {
      iou.put(metrics.classes().get(i), metrics.iou().get(i));
    }
    log(
        new EvaluationLine(
            evaluation.step(),
            metrics.meanIou(),
            interval.isKnown() ? List.of(interval.low(), interval.high()) : null,
            metrics.meanAccuracy(),
            metrics.accuracy(),
            metrics.frequencyWeightedIou(),
            metrics.meanF1(),
            found.boundaryMetrics().meanIou(),
            iou));
  }

  private void log(Object line) {
    run.log(line);
    history.add(Json.tree(line));
  }
}
