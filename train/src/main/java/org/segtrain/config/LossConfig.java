package org.segtrain.config;

import org.segtrain.errors.UsageException;
import org.segtrain.loss.LossMean;

/**
 * The loss, a cross-entropy.
 *
 * @param mean which pixels it is the mean over
 * @param classBalance how far rare classes are weighted up: 0 not, 1 until all count the same
 * @param labelSmoothing share of the target that is spread over all classes, 0-1. Szegedy et al.,
 *     Rethinking the Inception Architecture (arXiv:1512.00567), section 7
 */
public record LossConfig(LossMean mean, double classBalance, double labelSmoothing) {

  public LossConfig {
    if (!(classBalance >= 0 && classBalance <= 1)) {
      throw new UsageException("loss.classBalance must be from 0 to 1, but is " + classBalance);
    }
    Checks.share("loss.labelSmoothing", labelSmoothing);
  }
}
