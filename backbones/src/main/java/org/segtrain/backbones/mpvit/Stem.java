package org.segtrain.backbones.mpvit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import org.segtrain.nn.ConvNorm;
import org.segtrain.nn.Convolution;
import org.segtrain.nn.Initializers;
import org.segtrain.nn.Layouts;
import org.segtrain.nn.Pass;
import org.segtrain.nn.UnaryBlock;
import org.segtrain.torchscript.Aten;

/**
 * Two convolutions of stride two, each with batch norm and hardswish. {@code B 3 H W -> B H/4 W/4
 * dim}, rounded up.
 */
final class Stem extends UnaryBlock {

  private final ConvNorm first;
  private final ConvNorm second;

  Stem(int dim) {
    this.first = child("0", half(3, dim / 2));
    this.second = child("1", half(dim / 2, dim));
  }

  private static ConvNorm half(int in, int out) {
    Convolution convolution = Convolution.same(in, out, 3).withStride(2).withoutBias();
    return new ConvNorm(
        "conv", "bn", convolution, Initializers.kaimingNormalFanOut(convolution), Aten::hardswish);
  }

  @Override
  protected NDArray forward(Pass pass, NDArray image) {
    NDArray map = pass.through(first, Aten.toChannelsLast(image)); // B dim/2 H/2 W/2
    return Layouts.channelsLast(pass.through(second, map));
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    return new Shape[] {
      Layouts.channelsLast(second.getOutputShapes(first.getOutputShapes(inputs))[0])
    };
  }
}
