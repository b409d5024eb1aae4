package org.segtrain.backbones.shunted;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Activation;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import org.segtrain.engine.Aten;
import org.segtrain.nn.Convolution;
import org.segtrain.nn.Initializers;
import org.segtrain.nn.Layouts;
import org.segtrain.nn.Pass;
import org.segtrain.nn.UnaryBlock;

/**
 * The detail-specific feed-forward network, whose hidden channels each see the pixels around them.
 * {@code B H W C -> B H W C}. Shunted Transformer (arXiv:2111.15193), section 3.1.2, equation 4.
 */
final class DetailMlp extends UnaryBlock {

  private final Linear fc1;
  private final Conv2d dwconv;
  private final Linear fc2;

  DetailMlp(int dim, int hidden) {
    Convolution around = Convolution.depthwise(hidden, 3);
    this.fc1 = linear("fc1", dim, hidden);
    this.dwconv = conv("dwconv.dwconv", around, Initializers.kaimingNormalFanOut(around));
    this.fc2 = linear("fc2", hidden, dim);
  }

  @Override
  protected NDArray forward(Pass pass, NDArray x) {
    NDArray wide = pass.through(fc1, x); // B H W hidden
    if (pass.fuses(wide, dwconv, fc2)) {
      NDList linear = pass.weightAndBias(fc2, wide);
      return Aten.depthwiseGeluLinear(
          wide, pass.weightAndBias(dwconv, wide), new NDList(), true, linear);
    }
    NDArray hidden = Layouts.channelsFirst(wide); // B hidden H W
    NDArray detailed = pass.through(dwconv, hidden).addi(hidden); // the widest arrays: one fewer
    return pass.through(fc2, Activation.gelu(Layouts.channelsLast(detailed))); // B H W C
  }
}
