package org.segtrain.heads;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.convolutional.Conv2d;
import org.segtrain.nn.BatchNorm;
import org.segtrain.nn.Convolution;
import org.segtrain.nn.Initializers;
import org.segtrain.nn.Pass;
import org.segtrain.nn.UnaryBlock;

/** Convolution that keeps the size, batch norm, ReLU: {@code B in H W -> B out H W}. */
final class ConvModule extends UnaryBlock {

  private final int out;
  private final Conv2d conv;
  private final BatchNorm bn;

  ConvModule(int in, int out, int kernel) {
    Convolution convolution = Convolution.same(in, out, kernel).withoutBias();
    this.out = out;
    this.conv = conv("conv", convolution, Initializers.kaimingNormalFanOut(convolution));
    this.bn = batchNorm("bn", out);
  }

  @Override
  protected NDArray forward(Pass pass, NDArray x) {
    return Activation.relu(pass.through(bn, pass.through(conv, x)));
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    Shape map = inputs[0];
    return new Shape[] {new Shape(map.get(0), out, map.get(2), map.get(3))};
  }
}
