package org.segtrain.backbones.hrvit;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.norm.LayerNorm;
import org.segtrain.nn.Convolution;
import org.segtrain.nn.Pass;
import org.segtrain.nn.UnaryBlock;

/**
 * Makes normalised tokens of the pixels of a fused map, {@code B H W in -> B H W dim}. HRViT
 * (arXiv:2111.01236), section 3.3, efficient patch embedding.
 */
final class ConvolutionalEmbedding extends UnaryBlock {

  private final Conv2d pointwise;
  private final Conv2d depthwise;
  private final LayerNorm norm;

  ConvolutionalEmbedding(int in, int dim) {
    this.pointwise = conv("proj.0", Convolution.pointwise(in, dim));
    this.depthwise = conv("proj.1", Convolution.depthwise(dim, 3));
    this.norm = layerNorm("norm", dim, 1e-5f);
  }

  @Override
  protected NDArray forward(Pass pass, NDArray x) {
    x = pass.throughMap(pointwise, x); // B H W dim
    return pass.through(norm, pass.throughMap(depthwise, x));
  }
}
