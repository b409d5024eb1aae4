package org.segtrain.backbones.hrformer;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import ai.djl.nn.convolutional.Conv2d;
import org.segtrain.nn.BatchNorm;
import org.segtrain.nn.Convolution;
import org.segtrain.nn.Layouts;
import org.segtrain.nn.Pass;
import org.segtrain.nn.UnaryBlock;

/**
 * A feed-forward network whose depth-wise convolution carries information across windows, {@code B
 * H W C -> B H W C}. HRFormer (arXiv:2110.09408), figure 1 b.
 */
final class ConvMlp extends UnaryBlock {

  private final Conv2d fc1;
  private final BatchNorm norm1;
  private final Conv2d dw3x3;
  private final BatchNorm norm2;
  private final Conv2d fc2;
  private final BatchNorm norm3;

  ConvMlp(int dim, int hidden) {
    this.fc1 = conv("fc1", Convolution.pointwise(dim, hidden));
    this.norm1 = batchNorm("norm1", hidden);
    this.dw3x3 = conv("dw3x3", Convolution.depthwise(hidden, 3));
    this.norm2 = batchNorm("norm2", hidden);
    this.fc2 = conv("fc2", Convolution.pointwise(hidden, dim));
    this.norm3 = batchNorm("norm3", dim);
  }

  @Override
  protected NDArray forward(Pass pass, NDArray x) {
    NDArray hidden = pass.through(fc1, Layouts.channelsFirst(x)); // B hidden H W
    NDArray mixed = norm1.geluInto(pass, hidden, dw3x3); // B hidden H W
    NDArray y = pass.through(norm3, norm2.geluInto(pass, mixed, fc2)); // B C H W
    return Layouts.channelsLast(Activation.gelu(y)); // B H W C
  }
}
