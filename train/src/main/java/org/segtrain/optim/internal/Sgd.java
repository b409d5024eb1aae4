package org.segtrain.optim.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import java.util.List;
import java.util.Map;
import org.segtrain.engine.ArrayLists;
import org.segtrain.engine.ArrayLists.SgdFactors;
import org.segtrain.optim.ParameterFactors;

/**
 * Stochastic gradient descent with momentum in PyTorch's arithmetic, as {@code torch.optim.SGD} has
 * it: the decay is added to the gradient, the rate multiplies the momentum, nothing is dampened.
 */
public final class Sgd extends Optimizer {

  private final double weightDecay;
  private final double momentum;
  private final boolean nesterov;

  /**
   * An optimiser that has made no step.
   *
   * @param manager keeps the momentum, the size of the parameters
   * @param parameters by name; those that require no gradient are left out
   * @param rates factors of the learning rate and of {@code weightDecay}
   * @param momentum share of itself that the momentum keeps, 0-1
   * @param nesterov whether steps look ahead along the momentum: Sutskever et al. (2013), section 2
   */
  public Sgd(
      NDManager manager,
      Map<String, Parameter> parameters,
      ParameterFactors rates,
      double weightDecay,
      double momentum,
      boolean nesterov) {
    super(manager, parameters, rates, "momentum");
    this.weightDecay = weightDecay;
    this.momentum = momentum;
    this.nesterov = nesterov;
  }

  @Override
  public void resumeAt(long count) {} // each step is alike

  @Override
  void step(int number, Group group, List<NDArray> gradients, double learningRate) {
    ArrayLists.sgd(
        group.weights(),
        gradients,
        group.moments(0),
        new SgdFactors(learningRate, momentum, nesterov, weightDecay * group.factors().decay()));
  }
}
