package org.segtrain.backbones.mpvit;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.convolutional.Conv2d;
import org.segtrain.nn.Convolution;
import org.segtrain.nn.Pass;
import org.segtrain.nn.UnaryBlock;

/**
 * Lets each token know its surroundings: {@code x + DWConv(x)}, {@code B H W C}. Of CPVT
 * (arXiv:2102.10882), shared by all layers of a path.
 */
final class ConvPositionEncoding extends UnaryBlock {

  private final Conv2d proj;

  ConvPositionEncoding(int dim) {
    this.proj = conv("proj", Convolution.depthwise(dim, 3));
  }

  @Override
  protected NDArray forward(Pass pass, NDArray x) {
    return x.add(pass.throughMap(proj, x));
  }
}
