package org.segtrain.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import org.segtrain.engine.Aten;

/**
 * A depthwise convolution whose kernels are wider than three pixels. On a CPU it trains in float32,
 * since PyTorch has no fast gradient of such a kernel in bfloat16: 5 x 5 take three times as long.
 */
final class WideDepthwise extends Conv2d {

  WideDepthwise(Builder builder) {
    super(builder);
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameters, NDList inputs, boolean training, PairList<String, Object> others) {
    NDArray x = inputs.singletonOrThrow();
    if (!training || x.getDevice().isGpu() || !Aten.isBfloat16(x)) {
      return super.forwardInternal(parameters, inputs, training, others);
    }
    Pass pass = new Pass(parameters, training);
    NDArray exact = Aten.toFloat32(x);
    NDArray kernels = Aten.toFloat32(pass.value(weight, x));
    NDArray biases = includeBias ? Aten.toFloat32(pass.value(bias, x)) : null;
    NDArray y =
        exact
            .getNDArrayInternal()
            .convolution(exact, kernels, biases, stride, padding, dilation, groups)
            .singletonOrThrow();
    return new NDList(Aten.toBfloat16(y));
  }
}
