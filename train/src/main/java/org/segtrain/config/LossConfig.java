package org.segtrain.config;

import org.segtrain.errors.UsageException;
import org.segtrain.loss.LossMean;

/**
 * The loss, a cross-entropy.
 *
 * @param mean which pixels it is the mean over
 * @param classBalance how far rare classes are weighted up: 0 not, 1 until all count the same
 */
public record LossConfig(LossMean mean, double classBalance) {

  public LossConfig {
    if (!(classBalance >= 0 && classBalance <= 1)) {
      throw new UsageException("class-balance must be from 0 to 1, but is " + classBalance);
    }
  }
}
