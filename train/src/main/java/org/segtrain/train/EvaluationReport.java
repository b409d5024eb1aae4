package org.segtrain.train;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.LinkedHashMap;
import java.util.Map;
import org.segtrain.metrics.Metrics;

/**
 * What an evaluation found, a line of the log.
 *
 * @param step optimiser steps made
 * @param meanIou mIoU, 0-1
 * @param meanAccuracy mAcc, 0-1
 * @param accuracy aAcc, 0-1
 * @param iou of each class by its name, 0-1; null for a class that did not occur
 */
record EvaluationReport(
    long step,
    @JsonProperty("mean_iou") double meanIou,
    @JsonProperty("mean_accuracy") double meanAccuracy,
    double accuracy,
    Map<String, Double> iou) {

  static EvaluationReport of(long step, Metrics metrics) {
    Map<String, Double> iou = new LinkedHashMap<>();
    for (int i = 0; i < metrics.classes().size(); i++) {
      double value = metrics.iou().get(i);
      iou.put(metrics.classes().get(i), Double.isNaN(value) ? null : value);
    }
    return new EvaluationReport(
        step, metrics.meanIou(), metrics.meanAccuracy(), metrics.accuracy(), iou);
  }
}
