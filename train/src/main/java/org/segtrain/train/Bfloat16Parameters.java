package org.segtrain.train;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.segtrain.nn.BatchNorm;
import org.segtrain.torchscript.Aten;
import org.segtrain.torchscript.Bfloat16;
import org.segtrain.torchscript.StateDict;

/**
 * Hands out parameters rounded to bfloat16, which turns a whole model to mixed precision: the
 * blocks know nothing of it. The rounding is differentiable, so gradients reach the float32
 * parameters.
 *
 * <p>What normalisations own stays float32, except that layer norms on a GPU want scales of the
 * type of their input.
 */
final class Bfloat16Parameters extends ParameterStore {

  private final NDManager scope;
  private final Set<String> ofBatchNorms = new HashSet<>();
  private final Map<String, NDArray> rounded = new HashMap<>();

  /**
   * A store whose arrays live as long as {@code scope}: that of one training step, or that of all
   * inference with unchanged weights.
   */
  Bfloat16Parameters(Block model, NDManager scope) {
    super(scope, false);
    this.scope = scope;
    for (Block block : StateDict.blocks(model).values()) {
      if (block instanceof BatchNorm) {
        block.getDirectParameters().values().forEach(own -> ofBatchNorms.add(own.getId()));
      }
    }
  }

  @Override
  public NDArray getValue(Parameter parameter, Device device, boolean training) {
    NDArray array = super.getValue(parameter, device, training);
    if (array == null || !rounds(parameter, array)) {
      return array;
    }
    return rounded.computeIfAbsent(parameter.getId(), id -> round(array));
  }

  private boolean rounds(Parameter parameter, NDArray array) {
    return Bfloat16.rounds(parameter, array) || isScaleOfLayerNormOnGpu(parameter, array);
  }

  private boolean isScaleOfLayerNormOnGpu(Parameter parameter, NDArray array) {
    Parameter.Type type = parameter.getType();
    return (type == Parameter.Type.GAMMA || type == Parameter.Type.BETA)
        && array.getDataType() == DataType.FLOAT32
        && array.getDevice().isGpu()
        && !ofBatchNorms.contains(parameter.getId());
  }

  private NDArray round(NDArray array) {
    NDArray view = array.reshape(array.getShape());
    view.attach(scope); // the result belongs to the manager of its operand
    return Aten.toBfloat16(view);
  }
}
