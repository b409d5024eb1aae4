package org.segtrain.backbones.mpvit;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.convolutional.Conv2d;
import java.util.function.UnaryOperator;
import org.segtrain.engine.Aten;
import org.segtrain.nn.BatchNorm;
import org.segtrain.nn.ConvNorm;
import org.segtrain.nn.Convolution;
import org.segtrain.nn.Initializers;
import org.segtrain.nn.Layouts;
import org.segtrain.nn.Pass;
import org.segtrain.nn.UnaryBlock;

/**
 * The local features beside the paths of transformers: point-wise, depth-wise and point-wise
 * convolution, and the identity. {@code B H W C}. MPViT (arXiv:2112.11010), section 3.3.
 */
final class InvertedResidual extends UnaryBlock {

  private final ConvNorm conv1;
  private final Conv2d dwconv;
  private final BatchNorm norm;
  private final ConvNorm conv2;

  InvertedResidual(int dim) {
    Convolution depthwise = Convolution.depthwise(dim, 3).withoutBias();
    this.conv1 = child("conv1", pointwise(dim, Aten::hardswish));
    this.dwconv = conv("dwconv", depthwise, Initializers.kaimingNormalFanOut(depthwise));
    this.norm = batchNorm("norm", dim);
    this.conv2 = child("conv2", pointwise(dim, UnaryOperator.identity()));
  }

  private static ConvNorm pointwise(int dim, UnaryOperator<NDArray> activation) {
    Convolution convolution = Convolution.pointwise(dim, dim).withoutBias();
    return new ConvNorm(
        "conv", "bn", convolution, Initializers.kaimingNormalFanOut(convolution), activation);
  }

  @Override
  protected NDArray forward(Pass pass, NDArray x) {
    NDArray map = pass.through(conv1, Layouts.channelsFirst(x)); // B C H W
    map = Aten.hardswish(pass.through(norm, pass.through(dwconv, map)));
    return x.add(Layouts.channelsLast(pass.through(conv2, map)));
  }
}
