package org.segtrain.torchscript;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import java.util.HashMap;
import java.util.Map;
import org.segtrain.engine.Aten;
import org.segtrain.engine.Bfloat16;
import org.segtrain.engine.StateDict;

/**
 * The forward pass that is exported.
 *
 * @param bfloat16 whether inputs and parameters are rounded to bfloat16, and outputs float32 again
 */
record Forward(Block block, boolean bfloat16) {

  /** A file must run on every device. */
  static final boolean FOR_GPU = true;

  /** A store for this pass whose arrays live as long as {@code scope}. */
  ParameterStore parameters(NDManager scope) {
    return bfloat16 ? new Rounded(Bfloat16.of(block), scope) : new ParameterStore(scope, false);
  }

  NDList run(ParameterStore parameters, NDList inputs) {
    if (!bfloat16) {
      return block.forward(parameters, inputs, false);
    }
    NDList rounded = new NDList();
    inputs.forEach(x -> rounded.add(x.getDataType() == DataType.FLOAT32 ? Aten.toBfloat16(x) : x));
    NDList outputs = new NDList();
    for (NDArray y : block.forward(parameters, rounded, false)) {
      outputs.add(Aten.isBfloat16(y) ? Aten.toFloat32(y) : y);
    }
    return outputs;
  }

  /** The device of the parameters. */
  Device device() {
    return StateDict.of(block).values().stream()
        .filter(Parameter::isInitialized)
        .map(parameter -> parameter.getArray().getDevice())
        .findFirst()
        .orElse(Device.cpu());
  }

  /** Hands out rounded copies. */
  private static final class Rounded extends ParameterStore {

    private final Bfloat16 rule;
    private final NDManager scope;
    private final Map<String, NDArray> copies = new HashMap<>();

    Rounded(Bfloat16 rule, NDManager scope) {
      super(scope, false);
      this.rule = rule;
      this.scope = scope;
    }

    @Override
    public NDArray getValue(Parameter parameter, Device device, boolean training) {
      NDArray array = super.getValue(parameter, device, training);
      if (array == null || !rule.rounds(parameter, array, FOR_GPU)) {
        return array;
      }
      return copies.computeIfAbsent(parameter.getId(), id -> Bfloat16.round(array, scope));
    }
  }
}
