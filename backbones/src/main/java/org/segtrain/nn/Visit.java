package org.segtrain.nn;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.segtrain.engine.Aten;

/** One computation of a layer: the parameters that it asks for, and what it draws at random. */
abstract class Visit {

  private final ParameterStore store;
  private final Map<String, Parameter> parameters = new LinkedHashMap<>();

  private Visit(ParameterStore store) {
    this.store = store;
  }

  /** The first, whose random numbers belong to {@code owner}. */
  static Visit first(ParameterStore store, NDManager owner) {
    return new First(store, owner);
  }

  /** One that draws what {@code first} drew. */
  static Visit again(ParameterStore store, Visit first) {
    return new Again(store, ((First) first).drawn.iterator());
  }

  /** The value of a parameter, which is noted. */
  final NDArray value(Parameter parameter, Device device, boolean training) {
    if (parameter != null) {
      parameters.put(parameter.getId(), parameter);
    }
    return store.getValue(parameter, device, training);
  }

  /** {@link Aten#dropSamples}. */
  final NDArray dropSamples(NDArray x, double probability) {
    return x.mul(keptSamples(x, probability));
  }

  /** {@link Aten#keptSamples}. */
  abstract NDArray keptSamples(NDArray x, double probability);

  /** Whether there is anything to train. */
  final boolean isTrained() {
    return parameters.values().stream().anyMatch(Parameter::requiresGradient);
  }

  /** The stored arrays of the trainable parameters. */
  final List<NDArray> weights() {
    return parameters.values().stream()
        .filter(Parameter::requiresGradient)
        .map(this::stored)
        .toList();
  }

  /** The arrays that training passes change: means, variances and counts of batch norms. */
  final List<NDArray> statistics() {
    return parameters.values().stream()
        .filter(
            parameter ->
                parameter.getType() == Parameter.Type.RUNNING_MEAN
                    || parameter.getType() == Parameter.Type.RUNNING_VAR
                    || !parameter.getArray().getDataType().isFloating())
        .map(this::stored)
        .toList();
  }

  private NDArray stored(Parameter parameter) {
    return store.getValue(parameter, parameter.getArray().getDevice(), true);
  }

  private static final class First extends Visit {
    private final NDManager owner;
    private final List<NDArray> drawn = new ArrayList<>();

    First(ParameterStore store, NDManager owner) {
      super(store);
      this.owner = owner;
    }

    @Override
    NDArray keptSamples(NDArray x, double probability) {
      NDArray kept = Aten.keptSamples(x, probability);
      kept.attach(owner);
      drawn.add(kept);
      return kept;
    }
  }

  private static final class Again extends Visit {
    private final Iterator<NDArray> drawn;

    Again(ParameterStore store, Iterator<NDArray> drawn) {
      super(store);
      this.drawn = drawn;
    }

    @Override
    NDArray keptSamples(NDArray x, double probability) {
      return drawn.next();
    }
  }
}
