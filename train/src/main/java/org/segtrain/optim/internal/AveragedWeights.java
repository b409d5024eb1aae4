package org.segtrain.optim.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.segtrain.engine.ArrayLists;

/**
 * The exponential moving average of a model's weights, a copy of what changes. Statistics of batch
 * norms are averaged as weights are; counts and frozen weights are those of the model. Polyak and
 * Juditsky (1992); Tarvainen and Valpola (arXiv:1703.01780).
 */
public final class AveragedWeights {

  private final double decay;
  private final List<NDArray> weights = new ArrayList<>();
  private final Map<String, NDArray> averages = new LinkedHashMap<>();
  private final Map<String, NDArray> byId = new HashMap<>();

  /**
   * An average that begins with the weights as they are.
   *
   * @param manager keeps it
   * @param parameters of the model, by name
   * @param decay share of the average that a step keeps, once there were many
   */
  public AveragedWeights(NDManager manager, Map<String, Parameter> parameters, double decay) {
    this.decay = decay;
    parameters.forEach(
        (name, parameter) -> {
          if (changes(parameter)) {
            NDArray average =
                manager.zeros(parameter.getArray().getShape(), parameter.getArray().getDataType());
            weights.add(parameter.getArray());
            averages.put(name, average);
            byId.put(parameter.getId(), average);
          }
        });
    ArrayLists.copy(arrays(), weights);
  }

  private static boolean changes(Parameter parameter) {
    return switch (parameter.getType()) {
      case RUNNING_MEAN, RUNNING_VAR -> true;
      default -> parameter.requiresGradient();
    };
  }

  /**
   * Takes in the weights after a step: {@code average + (1 - d) · (weight - average)} with {@code d
   * = min(decay, (1 + step) / (10 + step))}, so that the first weights are soon forgotten.
   *
   * @param step optimiser steps made, that one included
   */
  public void update(long step) {
    ArrayLists.lerp(arrays(), weights, 1 - Math.min(decay, (1.0 + step) / (10.0 + step)));
  }

  /** The averages by the names of their parameters. */
  public Map<String, NDArray> arrays(String prefix) {
    Map<String, NDArray> named = new LinkedHashMap<>();
    averages.forEach((name, average) -> named.put(prefix + name, average));
    return named;
  }

  private List<NDArray> arrays() {
    return List.copyOf(averages.values());
  }

  /** The averages by the identity of their parameters. */
  public Map<String, NDArray> byId() {
    return Collections.unmodifiableMap(byId);
  }
}
