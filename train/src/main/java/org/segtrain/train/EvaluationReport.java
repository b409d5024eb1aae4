package org.segtrain.train;

import org.segtrain.metrics.Metrics;

/**
 * What an evaluation on the validation images found.
 *
 * @param step optimiser steps made
 * @param iterations optimiser steps of the whole run
 * @param metrics mIoU and the like
 * @param best whether its mIoU is the highest so far
 */
public record EvaluationReport(long step, int iterations, Metrics metrics, boolean best) {}
