package org.segtrain.config;

import org.segtrain.errors.UsageException;
import org.segtrain.optim.OptimizerKind;
import org.segtrain.optim.ParameterGroups;

/**
 * The numbers of the optimiser.
 *
 * @param kind which one
 * @param learningRate highest learning rate
 * @param minimumRate rate below which it does not fall
 * @param weightDecay decoupled weight decay of AdamW; with SGD it is added to the gradient
 * @param momentum share of itself that the momentum of SGD keeps, 0-1
 * @param nesterov whether steps of SGD look ahead along the momentum
 * @param clip highest global norm of the gradient; infinite for any
 * @param groups which parameters learn faster and which do not decay
 */
public record OptimizerConfig(
    OptimizerKind kind,
    double learningRate,
    double minimumRate,
    double weightDecay,
    double momentum,
    boolean nesterov,
    double clip,
    ParameterGroups groups) {

  private static final double HIGHEST_RATE = 1000; // no optimiser learns with more

  public OptimizerConfig {
    Checks.upTo("optimizer.learningRate", learningRate, HIGHEST_RATE);
    if (!(minimumRate >= 0 && minimumRate <= learningRate)) {
      throw new UsageException(
          "optimizer.minimumRate must be from 0 to optimizer.learningRate, but they are %s and %s"
              .formatted(minimumRate, learningRate));
    }
    Checks.within("optimizer.weightDecay", weightDecay, 0, HIGHEST_RATE);
    Checks.share("optimizer.momentum", momentum);
    if (nesterov && (kind != OptimizerKind.SGD || momentum == 0)) {
      throw new UsageException(
          "optimizer.nesterov needs optimizer.kind sgd and optimizer.momentum above 0, but they are %s and %s"
              .formatted(kind, momentum));
    }
    Checks.positive("optimizer.clip", clip);
  }
}
