package org.segtrain.optim.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.segtrain.engine.ArrayLists;
import org.segtrain.engine.ArrayLists.AdamWFactors;
import org.segtrain.optim.ParameterFactors;

/** AdamW (arXiv:1711.05101, algorithm 2) with PyTorch's fused kernel. */
public final class AdamW extends Optimizer {

  /** How fast the mean gradient forgets. */
  public static final double BETA1 = 0.9;

  /** How fast the mean squared gradient forgets. */
  public static final double BETA2 = 0.999;

  private static final double EPSILON = 1e-8;

  private final double weightDecay;
  private final List<List<NDArray>> steps = new ArrayList<>(); // of each group, a count per weight

  /**
   * An optimiser that has made no step.
   *
   * @param manager keeps the moments, {@code mean} and {@code square}, twice the size of the
   *     parameters
   * @param parameters by name; those that require no gradient are left out
   * @param rates factors of the learning rate and of {@code weightDecay}
   */
  public AdamW(
      NDManager manager,
      Map<String, Parameter> parameters,
      ParameterFactors rates,
      double weightDecay) {
    super(manager, parameters, rates, "mean", "square");
    this.weightDecay = weightDecay;
    for (Group group : groups()) {
      List<NDArray> counts = new ArrayList<>();
      group.weights().forEach(weight -> counts.add(manager.zeros(new Shape())));
      steps.add(counts);
    }
  }

  @Override
  public void resumeAt(long count) {
    steps.forEach(counts -> counts.forEach(step -> step.subi(step).addi(count)));
  }

  @Override
  void step(int number, Group group, List<NDArray> gradients, double learningRate) {
    ArrayLists.adamW(
        group.weights(),
        gradients,
        group.moments(0),
        group.moments(1),
        steps.get(number),
        new AdamWFactors(
            learningRate, BETA1, BETA2, weightDecay * group.factors().decay(), EPSILON));
  }
}
