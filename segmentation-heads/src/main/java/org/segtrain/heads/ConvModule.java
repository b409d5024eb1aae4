package org.segtrain.heads;

import ai.djl.nn.Activation;
import org.segtrain.nn.ConvNorm;
import org.segtrain.nn.Convolution;
import org.segtrain.nn.Initializers;

/** The usual layer of heads. */
final class ConvModule {

  private ConvModule() {}

  /** Convolution that keeps the size, batch norm, ReLU: {@code B in H W -> B out H W}. */
  static ConvNorm of(int in, int out, int kernel) {
    Convolution convolution = Convolution.same(in, out, kernel).withoutBias();
    return new ConvNorm(
        "conv", "bn", convolution, Initializers.kaimingNormalFanOut(convolution), Activation::relu);
  }
}
