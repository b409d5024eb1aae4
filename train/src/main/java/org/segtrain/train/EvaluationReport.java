package org.segtrain.train;

import org.segtrain.metrics.Evaluation;
import org.segtrain.metrics.Interval;
import org.segtrain.metrics.Metrics;

/**
 * An evaluation on the validation images.
 *
 * @param step optimiser steps made
 * @param iterations optimiser steps of the whole run
 * @param evaluation the counts on each image and on all
 * @param meanIouInterval the 95 % confidence interval of its mIoU, computed once
 * @param best whether it has the highest mIoU so far, or other figure that the run goes by
 */
public record EvaluationReport(
    long step, int iterations, Evaluation evaluation, Interval meanIouInterval, boolean best) {

  /** Of an evaluation whose interval nobody has computed yet. */
  public EvaluationReport(long step, int iterations, Evaluation evaluation, boolean best) {
    this(step, iterations, evaluation, evaluation.meanIouInterval(), best);
  }

  /** mIoU and the like. */
  public Metrics metrics() {
    return evaluation.metrics();
  }
}
