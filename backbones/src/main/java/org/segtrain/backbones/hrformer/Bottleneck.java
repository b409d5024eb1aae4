package org.segtrain.backbones.hrformer;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import java.util.function.UnaryOperator;
import org.segtrain.nn.ConvNorm;
import org.segtrain.nn.Convolution;
import org.segtrain.nn.Pass;
import org.segtrain.nn.UnaryBlock;

/**
 * A residual block of three convolutions, {@code B in H W -> B 4·planes H W}. He et al.
 * (arXiv:1512.03385), figure 5.
 */
final class Bottleneck extends UnaryBlock {

  static final int EXPANSION = 4;

  private final ConvNorm reduce;
  private final ConvNorm mix;
  private final ConvNorm expand;
  private final ConvNorm downsample; // null if in == out

  Bottleneck(int in, int planes) {
    int out = EXPANSION * planes;
    this.reduce = convNorm(1, Convolution.pointwise(in, planes), Activation::relu);
    this.mix = convNorm(2, Convolution.same(planes, planes, 3), Activation::relu);
    this.expand = convNorm(3, Convolution.pointwise(planes, out), UnaryOperator.identity());
    Convolution shortcut = Convolution.pointwise(in, out).withoutBias();
    this.downsample =
        in == out
            ? null
            : child("downsample", new ConvNorm("0", "1", shortcut, UnaryOperator.identity()));
  }

  private ConvNorm convNorm(
      int number, Convolution convolution, UnaryOperator<NDArray> activation) {
    return child(
        "", new ConvNorm("conv" + number, "bn" + number, convolution.withoutBias(), activation));
  }

  @Override
  protected NDArray forward(Pass pass, NDArray map) {
    NDArray mixed = pass.through(mix, pass.through(reduce, map)); // B planes H W
    NDArray shortcut = downsample == null ? map : pass.through(downsample, map); // B out H W
    return Activation.relu(pass.through(expand, mixed).add(shortcut)); // B out H W
  }
}
