package org.segtrain.train;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.LinkedHashMap;
import java.util.Map;
import org.segtrain.checkpoint.internal.RunWriter;
import org.segtrain.metrics.Metrics;

/** Progress as lines of the run's {@code log.jsonl}: an object for each step and evaluation. */
record RunLog(RunWriter run) implements Progress {

  /**
   * An evaluation, a line of the log.
   *
   * <p>What is unknown is null: each share if no pixel is labelled, and the IoU of a class that did
   * not occur.
   *
   * @param iou of each class by its name, 0-1
   */
  private record EvaluationLine(
      long step,
      @JsonProperty("mean_iou") Double meanIou,
      @JsonProperty("mean_accuracy") Double meanAccuracy,
      Double accuracy,
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
      iou.put(metrics.classes().get(i), known(metrics.iou().get(i)));
    }
    run.log(
        new EvaluationLine(
            evaluation.step(),
            known(metrics.meanIou()),
            known(metrics.meanAccuracy()),
            known(metrics.accuracy()),
            iou));
  }

  private static Double known(double share) {
    return Double.isNaN(share) ? null : share;
  }
}
