package org.segtrain.backbones.hrformer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.function.UnaryOperator;
import org.segtrain.nn.ConvNorm;
import org.segtrain.nn.Convolution;
import org.segtrain.nn.Pass;
import org.segtrain.nn.UnaryBlock;

/**
 * One step to a coarser map: a depth-wise convolution, then a point-wise one. {@code B in H W -> B
 * out H/2 W/2}, rounded up.
 */
final class Halving extends UnaryBlock {

  private final ConvNorm shrink;
  private final ConvNorm project;

  Halving(int in, int out, UnaryOperator<NDArray> activation) {
    Convolution depthwise = Convolution.depthwise(in, 3).withStride(2).withoutBias();
    Convolution pointwise = Convolution.pointwise(in, out).withoutBias();
    this.shrink = child("", new ConvNorm("0", "1", depthwise, UnaryOperator.identity()));
    this.project = child("", new ConvNorm("2", "3", pointwise, activation));
  }

  @Override
  protected NDArray forward(Pass pass, NDArray map) {
    return pass.through(project, pass.through(shrink, map));
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    return project.getOutputShapes(shrink.getOutputShapes(inputs));
  }
}
