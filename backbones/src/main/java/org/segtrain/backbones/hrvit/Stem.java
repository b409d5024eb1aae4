package org.segtrain.backbones.hrvit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import org.segtrain.nn.ConvNorm;
import org.segtrain.nn.Convolution;
import org.segtrain.nn.Pass;
import org.segtrain.nn.UnaryBlock;

/** Two convolutions of stride two, {@code B 3 H W -> B dim H/4 W/4}, rounded up. */
final class Stem extends UnaryBlock {

  private final ConvNorm first;
  private final ConvNorm second;

  Stem(int dim) {
    this.first = child("", convolution(1, 3, dim / 2));
    this.second = child("", convolution(2, dim / 2, dim));
  }

  private static ConvNorm convolution(int number, int in, int out) {
    return new ConvNorm(
        "conv" + number,
        "bn" + number,
        Convolution.same(in, out, 3).withStride(2),
        Activation::relu);
  }

  @Override
  protected NDArray forward(Pass pass, NDArray image) {
    return pass.through(second, pass.through(first, image));
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    return second.getOutputShapes(first.getOutputShapes(inputs));
  }
}
