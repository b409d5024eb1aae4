package org.segtrain.train;

import org.segtrain.metrics.Evaluation;
import org.segtrain.metrics.Metrics;

/**
 * What an evaluation on the validation images found.
 *
 * @param step optimiser steps made
 * @param iterations optimiser steps of the whole run
 * @param evaluation what was found on each image and on all
 * @param best whether its mIoU is the highest so far
 */
public record EvaluationReport(long step, int iterations, Evaluation evaluation, boolean best) {

  /** mIoU and the like. */
  public Metrics metrics() {
    return evaluation.metrics();
  }
}
