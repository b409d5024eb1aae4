package org.segtrain.config;

import org.segtrain.errors.UsageException;
import org.segtrain.optim.ParameterGroups;

/**
 * The numbers of AdamW.
 *
 * @param learningRate highest learning rate
 * @param weightDecay decoupled weight decay
 * @param clip highest global norm of the gradient; infinite for any
 * @param groups which parameters learn faster and which do not decay
 */
public record OptimizerConfig(
    double learningRate, double weightDecay, double clip, ParameterGroups groups) {

  public OptimizerConfig {
    Checks.finite("optimizer.learningRate", learningRate);
    if (!(weightDecay >= 0 && weightDecay < Double.POSITIVE_INFINITY)) {
      throw new UsageException(
          "optimizer.weightDecay must be finite and not negative, but is " + weightDecay);
    }
    Checks.positive("optimizer.clip", clip);
  }
}
