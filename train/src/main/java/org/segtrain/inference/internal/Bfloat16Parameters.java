package org.segtrain.inference.internal;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import java.util.HashMap;
import java.util.Map;
import org.segtrain.engine.Bfloat16;

/**
 * Hands out parameters rounded to bfloat16, which turns a whole model to mixed precision: the
 * blocks know nothing of it. The rounding is differentiable, so gradients reach the float32
 * parameters.
 */
public final class Bfloat16Parameters extends ReplacedParameters {

  private final NDManager scope;
  private final Bfloat16 rule;
  private final Map<String, NDArray> rounded = new HashMap<>();

  /**
   * A store whose arrays live as long as {@code scope}: that of one training step, or that of all
   * inference with unchanged weights.
   */
  public Bfloat16Parameters(Block model, NDManager scope) {
    this(model, scope, Map.of());
  }

  /** A store that hands out {@code instead}, rounded, in the place of some parameters' own. */
  public Bfloat16Parameters(Block model, NDManager scope, Map<String, NDArray> instead) {
    super(scope, instead);
    this.scope = scope;
    this.rule = Bfloat16.of(model);
  }

  @Override
  public NDArray getValue(Parameter parameter, Device device, boolean training) {
    NDArray array = super.getValue(parameter, device, training);
    if (array == null || !rule.rounds(parameter, array, array.getDevice().isGpu())) {
      return array;
    }
    return rounded.computeIfAbsent(parameter.getId(), id -> Bfloat16.round(array, scope));
  }
}
