package org.segtrain.backbones.hrformer;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import org.segtrain.nn.ConvNorm;
import org.segtrain.nn.Convolution;
import org.segtrain.nn.Layouts;
import org.segtrain.nn.Pass;
import org.segtrain.nn.UnaryBlock;

/**
 * A feed-forward network whose depth-wise convolution carries information across windows, {@code B
 * H W C -> B H W C}. HRFormer (arXiv:2110.09408), figure 1 b.
 */
final class ConvMlp extends UnaryBlock {

  private final ConvNorm expand;
  private final ConvNorm mix;
  private final ConvNorm project;

  ConvMlp(int dim, int hidden) {
    this.expand = convNorm("fc1", "norm1", Convolution.pointwise(dim, hidden));
    this.mix = convNorm("dw3x3", "norm2", Convolution.depthwise(hidden, 3));
    this.project = convNorm("fc2", "norm3", Convolution.pointwise(hidden, dim));
  }

  private ConvNorm convNorm(String conv, String norm, Convolution convolution) {
    return child("", new ConvNorm(conv, norm, convolution, Activation::gelu));
  }

  @Override
  protected NDArray forward(Pass pass, NDArray x) {
    NDArray map = Layouts.channelsFirst(x); // B C H W
    NDArray hidden = pass.through(mix, pass.through(expand, map)); // B hidden H W
    return Layouts.channelsLast(pass.through(project, hidden)); // B H W C
  }
}
