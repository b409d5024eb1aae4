package org.segtrain.backbones.mpvit;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.convolutional.Conv2d;
import org.segtrain.engine.Aten;
import org.segtrain.nn.BatchNorm;
import org.segtrain.nn.Convolution;
import org.segtrain.nn.Initializers;
import org.segtrain.nn.Layouts;
import org.segtrain.nn.Pass;
import org.segtrain.nn.UnaryBlock;

/**
 * A depth-wise and a point-wise convolution, batch norm and hardswish, {@code B H W C -> B H' W'
 * C}.
 */
final class SeparableConvNorm extends UnaryBlock {

  private static final int KERNEL = 3;

  private final Conv2d dwconv;
  private final Conv2d pwconv;
  private final BatchNorm bn;

  SeparableConvNorm(int dim, int stride) {
    Convolution pointwise = Convolution.pointwise(dim, dim).withoutBias();
    Convolution depthwise = Convolution.depthwise(dim, KERNEL).withStride(stride).withoutBias();
    this.dwconv = conv("dwconv", depthwise, Initializers.normal(spread(KERNEL * KERNEL * dim)));
    this.pwconv = conv("pwconv", pointwise, Initializers.normal(spread(dim)));
    this.bn = batchNorm("bn", dim);
  }

  /** The standard deviation of weights whose outputs, groups not counted, are that many. */
  private static double spread(int fanOut) {
    return Math.sqrt(2.0 / fanOut);
  }

  @Override
  protected NDArray forward(Pass pass, NDArray x) {
    NDArray map = pass.through(dwconv, Layouts.channelsFirst(x)); // B C H' W'
    map = pass.through(bn, pass.through(pwconv, map));
    return Layouts.channelsLast(Aten.hardswish(map));
  }
}
