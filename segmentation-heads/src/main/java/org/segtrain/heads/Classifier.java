package org.segtrain.heads;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.convolutional.Conv2d;
import org.segtrain.engine.Aten;
import org.segtrain.nn.Convolution;
import org.segtrain.nn.Initializers;
import org.segtrain.nn.Pass;
import org.segtrain.nn.UnaryBlock;

/**
 * The end of every head: dropout of whole channels, then a 1x1 convolution to logits, and the
 * scores of K classes. {@code B C H W -> B K H W}.
 */
final class Classifier extends UnaryBlock {

  private static final double STD = 0.01;

  private final Classes classes;
  private final float dropout;
  private final Conv2d conv;

  private Classifier(
      String name, int channels, Classes classes, float dropout, boolean torchDefault) {
    this.classes = classes;
    this.dropout = dropout;
    Convolution convolution = Convolution.pointwise(channels, classes.logits());
    this.conv =
        torchDefault ? conv(name, convolution) : conv(name, convolution, Initializers.normal(STD));
  }

  /** Called {@code conv_seg}, with small weights and no bias at first, as MMSegmentation has it. */
  static Classifier of(int channels, Classes classes, float dropout) {
    return of("conv_seg", channels, classes, dropout);
  }

  /** The same under another name. */
  static Classifier of(String name, int channels, Classes classes, float dropout) {
    return new Classifier(name, channels, classes, dropout, false);
  }

  /** Weights and biases from PyTorch's default distribution. */
  static Classifier ofTorch(String name, int channels, Classes classes, float dropout) {
    return new Classifier(name, channels, classes, dropout, true);
  }

  @Override
  protected NDArray forward(Pass pass, NDArray x) {
    boolean drops = (pass.training() || Aten.records(x)) && dropout > 0;
    NDArray logits = pass.through(conv, drops ? Aten.channelDropout(x, dropout) : x);
    return classes.scores(logits); // B K H W
  }
}
