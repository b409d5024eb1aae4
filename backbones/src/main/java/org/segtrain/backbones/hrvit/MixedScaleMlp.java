package org.segtrain.backbones.hrvit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Activation;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import org.segtrain.engine.Aten;
import org.segtrain.nn.Convolution;
import org.segtrain.nn.Pass;
import org.segtrain.nn.UnaryBlock;

/**
 * The feed-forward network, whose hidden channels see their neighbours: one half those next to
 * them, the other those up to two pixels away. {@code B H W C -> B H W C}. HRViT
 * (arXiv:2111.01236), section 3.2, MixCFN.
 */
final class MixedScaleMlp extends UnaryBlock {

  private final Linear fc1;
  private final Conv2d conv3;
  private final Conv2d conv5;
  private final Linear fc2;

  MixedScaleMlp(int dim, int hidden) {
    this.fc1 = linear("fc1", dim, hidden);
    this.conv3 = conv("conv.conv_3", Convolution.depthwise(hidden / 2, 3));
    this.conv5 = conv("conv.conv_5", Convolution.depthwise(hidden / 2, 5));
    this.fc2 = linear("fc2", hidden, dim);
  }

  @Override
  protected NDArray forward(Pass pass, NDArray x) {
    NDArray wide = pass.through(fc1, x); // B H W hidden
    if (pass.fuses(wide, conv3, conv5, fc2)) {
      NDList linear = pass.weightAndBias(fc2, wide);
      return Aten.depthwiseGeluLinear(
          wide, pass.weightAndBias(conv3, wide), pass.weightAndBias(conv5, wide), false, linear);
    }
    NDList halves = wide.split(2, 3); // 2 of B H W hidden/2
    NDArray near = pass.throughMap(conv3, halves.get(0));
    NDArray far = pass.throughMap(conv5, halves.get(1));
    return pass.through(fc2, Activation.gelu(near.concat(far, 3))); // B H W C
  }
}
