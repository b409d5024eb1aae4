package org.segtrain.train;

import org.segtrain.metrics.Evaluation;
import org.segtrain.metrics.Interval;
import org.segtrain.metrics.Metrics;

/**
 * What an evaluation on the validation images found.
 *
 * @param step optimiser steps made
 * @param iterations optimiser steps of the whole run
 * @param evaluation what was found on each image and on all
 * @param meanIouInterval how sure its mIoU is, computed once for all who tell it
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
