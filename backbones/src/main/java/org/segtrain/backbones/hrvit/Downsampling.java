package org.segtrain.backbones.hrvit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.function.UnaryOperator;
import org.segtrain.nn.ConvNorm;
import org.segtrain.nn.Convolution;
import org.segtrain.nn.Pass;
import org.segtrain.nn.UnaryBlock;

/**
 * What a finer branch tells a coarser one, {@code B in H W -> B out H/stride W/stride}, rounded up.
 */
final class Downsampling extends UnaryBlock {

  private final ConvNorm depthwise;
  private final ConvNorm pointwise;

  Downsampling(int in, int out, int stride) {
    Convolution strided = Convolution.depthwise(in, stride + 1).withStride(stride).withoutBias();
    this.depthwise = child("", new ConvNorm("0", "1", strided, UnaryOperator.identity()));
    this.pointwise =
        child("", new ConvNorm("2", "3", Convolution.pointwise(in, out), UnaryOperator.identity()));
  }

  @Override
  protected NDArray forward(Pass pass, NDArray map) {
    return pass.through(pointwise, pass.through(depthwise, map));
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    return pointwise.getOutputShapes(depthwise.getOutputShapes(inputs));
  }
}
