package org.segtrain.heads;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.convolutional.Conv2d;
import org.segtrain.engine.Aten;
import org.segtrain.nn.Convolution;
import org.segtrain.nn.Initializers;
import org.segtrain.nn.Pass;
import org.segtrain.nn.UnaryBlock;

/**
 * What every head ends with: dropout of whole channels, then a 1x1 convolution to the scores of K
 * classes. {@code B C H W -> B K H W}.
 */
final class Classifier extends UnaryBlock {

  private static final double STD = 0.01;

  private final float dropout;
  private final Conv2d conv;

  private Classifier(Convolution convolution, float dropout, String name, boolean torchDefault) {
    this.dropout = dropout;
    this.conv =
        torchDefault ? conv(name, convolution) : conv(name, convolution, Initializers.normal(STD));
  }

  /** Called {@code conv_seg}, with small weights and no bias at first, as MMSegmentation has it. */
  static Classifier of(int channels, int classes, float dropout) {
    return of("conv_seg", channels, classes, dropout);
  }

  /** The same of another name. */
  static Classifier of(String name, int channels, int classes, float dropout) {
    return new Classifier(Convolution.pointwise(channels, classes), dropout, name, false);
  }

  /** Weights and biases from PyTorch's default distribution. */
  static Classifier ofTorch(String name, int channels, int classes, float dropout) {
    return new Classifier(Convolution.pointwise(channels, classes), dropout, name, true);
  }

  @Override
  protected NDArray forward(Pass pass, NDArray x) {
    boolean drops = (pass.training() || Aten.records(x)) && dropout > 0;
    return pass.through(conv, drops ? Aten.channelDropout(x, dropout) : x); // B K H W
  }
}
