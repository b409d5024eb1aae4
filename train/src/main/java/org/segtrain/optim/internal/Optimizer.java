package org.segtrain.optim.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.segtrain.optim.ParameterFactors;
import org.segtrain.optim.ParameterGroups.Factors;

/** Steps against gradients, one call for each group of parameters with equal factors. */
public abstract sealed class Optimizer permits AdamW, Sgd {

  private final List<String> kinds;
  private final List<NDArray> weights = new ArrayList<>();
  private final List<Group> groups = new ArrayList<>();
  private final Map<String, NDArray> moments = new LinkedHashMap<>();

  /**
   * Parameters with equal factors.
   *
   * @param places of theirs among the gradients
   * @param moments a list of arrays for each kind of them
   */
  record Group(
      Factors factors, List<Integer> places, List<NDArray> weights, List<List<NDArray>> moments) {

    /** Those of the kind of that number. */
    List<NDArray> moments(int kind) {
      return moments.get(kind);
    }
  }

  /**
   * An optimiser that has made no step.
   *
   * @param manager keeps the moments
   * @param parameters by name; those that require no gradient are left out
   * @param rates factors of the learning rate and of the weight decay
   * @param kinds of moments, zeros at first, each as large as the parameters
   */
  Optimizer(
      NDManager manager,
      Map<String, Parameter> parameters,
      ParameterFactors rates,
      String... kinds) {
    this.kinds = List.of(kinds);
    Map<Factors, Group> byFactors = new LinkedHashMap<>();
    parameters.forEach(
        (name, parameter) -> {
          if (parameter.requiresGradient()) {
            NDArray weight = parameter.getArray();
            var factors = rates.factors(name, weight.getShape());
            add(name, weight, byFactors.computeIfAbsent(factors, this::group), manager);
          }
        });
    groups.addAll(byFactors.values());
  }

  private Group group(Factors factors) {
    List<List<NDArray>> lists =
        Stream.<List<NDArray>>generate(ArrayList::new).limit(kinds.size()).toList();
    return new Group(factors, new ArrayList<>(), new ArrayList<>(), lists);
  }

  private void add(String name, NDArray weight, Group group, NDManager manager) {
    group.places().add(weights.size());
    group.weights().add(weight);
    for (int i = 0; i < kinds.size(); i++) {
      NDArray moment = manager.zeros(weight.getShape(), weight.getDataType());
      moments.put(kinds.get(i) + "." + name, moment);
      group.moments(i).add(moment);
    }
    weights.add(weight);
  }

  final List<Group> groups() {
    return groups;
  }

  /** The parameters that learn, in the order in which {@link #step} wants their gradients. */
  public final List<NDArray> weights() {
    return weights;
  }

  /** Its moments, {@code KIND.NAME}: together with the number of steps, the state. */
  public final Map<String, NDArray> moments() {
    return moments;
  }

  /** Says that {@code count} steps were made before. */
  public abstract void resumeAt(long count);

  /** One step against {@code gradients}, one for each of {@link #weights}. */
  public final void step(List<NDArray> gradients, double learningRate) {
    for (int i = 0; i < groups.size(); i++) {
      Group group = groups.get(i);
      List<NDArray> own = group.places().stream().map(gradients::get).toList();
      step(i, group, own, learningRate * group.factors().learningRate());
    }
  }

  abstract void step(int number, Group group, List<NDArray> gradients, double learningRate);
}
