package org.segtrain.optim.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.segtrain.engine.ArrayLists;
import org.segtrain.engine.ArrayLists.AdamWFactors;
import org.segtrain.optim.ParameterFactors;
import org.segtrain.optim.ParameterGroups;

/**
 * AdamW with groups of parameters (arXiv:1711.05101, algorithm 2), one fused call for each group.
 */
public final class AdamW {

  /** How fast the mean gradient forgets. */
  public static final double BETA1 = 0.9;

  /** How fast the mean squared gradient forgets. */
  public static final double BETA2 = 0.999;

  private static final double EPSILON = 1e-8;

  private final double weightDecay;
  private final List<NDArray> weights = new ArrayList<>();
  private final Collection<Group> groups;
  private final Map<String, NDArray> moments = new LinkedHashMap<>();

  /** Parameters with equal factors, their moments, and their places among the gradients. */
  private record Group(
      ParameterGroups.Factors factors,
      List<Integer> places,
      List<NDArray> weights,
      List<NDArray> means,
      List<NDArray> squares,
      List<NDArray> steps) {

    Group(ParameterGroups.Factors factors) {
      this(
          factors,
          new ArrayList<>(),
          new ArrayList<>(),
          new ArrayList<>(),
          new ArrayList<>(),
          new ArrayList<>());
    }
  }

  /**
   * An optimiser that has made no step.
   *
   * @param manager keeps the moments, twice the size of the parameters
   * @param parameters by name; those that require no gradient are left out
   * @param rates factors of the learning rate and of {@code weightDecay}
   */
  public AdamW(
      NDManager manager,
      Map<String, Parameter> parameters,
      ParameterFactors rates,
      double weightDecay) {
    this.weightDecay = weightDecay;
    Map<ParameterGroups.Factors, Group> byFactors = new LinkedHashMap<>();
    parameters.forEach(
        (name, parameter) -> {
          if (parameter.requiresGradient()) {
            NDArray weight = parameter.getArray();
            var factors = rates.factors(name, weight.getShape());
            add(name, weight, byFactors.computeIfAbsent(factors, Group::new), manager);
          }
        });
    this.groups = byFactors.values();
  }

  private void add(String name, NDArray weight, Group group, NDManager manager) {
    NDArray mean = manager.zeros(weight.getShape(), weight.getDataType());
    NDArray square = manager.zeros(weight.getShape(), weight.getDataType());
    moments.put("mean." + name, mean);
    moments.put("square." + name, square);
    group.places().add(weights.size());
    group.weights().add(weight);
    group.means().add(mean);
    group.squares().add(square);
    group.steps().add(manager.zeros(new Shape()));
    weights.add(weight);
  }

  /** The parameters that learn, in the order in which {@link #step} wants their gradients. */
  public List<NDArray> weights() {
    return weights;
  }

  /** The moments, {@code mean.NAME} and {@code square.NAME}: together with the step, the state. */
  public Map<String, NDArray> moments() {
    return moments;
  }

  /** Says that {@code count} steps were made before. */
  public void resumeAt(long count) {
    for (Group group : groups) {
      group.steps().forEach(step -> step.subi(step).addi(count));
    }
  }

  /** One step against {@code gradients}, one for each of {@link #weights}. */
  public void step(List<NDArray> gradients, double learningRate) {
    for (Group group : groups) {
      ArrayLists.adamW(
          group.weights(),
          group.places().stream().map(gradients::get).toList(),
          group.means(),
          group.squares(),
          group.steps(),
          new AdamWFactors(
              learningRate * group.factors().learningRate(),
              BETA1,
              BETA2,
              weightDecay * group.factors().decay(),
              EPSILON));
    }
  }
}
