package org.segtrain.inference.internal;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.util.List;
import java.util.Map;

/** Hands out other arrays in the place of some parameters' own. */
public class ReplacedParameters extends ParameterStore {

  private final Map<String, NDArray> instead;

  /**
   * A store.
   *
   * @param instead by the identity of the parameters, on the device of the forward passes
   */
  ReplacedParameters(NDManager manager, Map<String, NDArray> instead) {
    super(manager, false);
    this.instead = instead;
  }

  @Override
  public NDArray getValue(Parameter parameter, Device device, boolean training) {
    NDArray other = parameter == null ? null : instead.get(parameter.getId());
    return other == null ? super.getValue(parameter, device, training) : other;
  }

  /** Takes in new values of the parameters. */
  public void renew() {}

  /** What forward passes read in the place of some weights, the leaves of their gradients. */
  public List<NDArray> leaves(List<NDArray> weights) {
    return weights;
  }

  /** Gradients of {@link #leaves} as float32. Those that are not are closed. */
  public List<NDArray> exact(List<NDArray> gradients) {
    return gradients;
  }
}
