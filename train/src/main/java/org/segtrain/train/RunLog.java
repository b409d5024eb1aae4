package org.segtrain.train;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.LinkedHashMap;
import java.util.Map;
import org.segtrain.checkpoint.RunFolder;
import org.segtrain.metrics.Metrics;

/** Progress as lines of the run's {@code log.jsonl}: an object for each step and evaluation. */
record RunLog(RunFolder run) implements Progress {

  /**
   * An evaluation, a line of the log.
   *
   * @param iou of each class by its name, 0-1; null for a class that did not occur
   */
  private record EvaluationLine(
      long step,
      @JsonProperty("mean_iou") double meanIou,
      @JsonProperty("mean_accuracy") double meanAccuracy,
      double accuracy,
      Map<String, Double> iou) {}

  @Override
  public void step(StepReport step) {
    run.log(step);
  }

  @Override
  public void evaluated(EvaluationReport evaluation) {
    Metrics metrics = evaluation.metrics();
    Map<String, Double> iou = new LinkedHashMap<>();
    for (int i = 0; i < metrics.classes().size(); i++) {
      double value = metrics.iou().get(i);
      iou.put(metrics.classes().get(i), Double.isNaN(value) ? null : value);
    }
    run.log(
        new EvaluationLine(
            evaluation.step(), metrics.meanIou(), metrics.meanAccuracy(), metrics.accuracy(), iou));
  }
}
