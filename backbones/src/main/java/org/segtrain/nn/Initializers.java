package org.segtrain.nn;

import ai.djl.training.initializer.Initializer;
import ai.djl.training.initializer.NormalInitializer;
import ai.djl.training.initializer.UniformInitializer;

/**
 * The distributions from which published models start, with the exact spread that PyTorch gives.
 */
public final class Initializers {

  private Initializers() {}

  /**
   * {@code trunc_normal_(std=0.02)} of timm, which cuts at ±2, a hundred standard deviations.
   * (DJL's own truncated normal cuts at two.)
   */
  public static Initializer truncatedNormal() {
    return new NormalInitializer(0.02f);
  }

  /** PyTorch's default for weights and biases of a convolution: uniform within ±1/√fan-in. */
  public static Initializer convolutionDefault(Convolution convolution) {
    return new UniformInitializer((float) (1 / Math.sqrt(convolution.fanIn())));
  }

  /** PyTorch's default for weights and biases of a linear layer: uniform within ±1/√in. */
  public static Initializer linearDefault(int in) {
    return new UniformInitializer((float) (1 / Math.sqrt(in)));
  }

  /**
   * {@code kaiming_normal_(mode="fan_out", nonlinearity="relu")}: standard deviation √(2/fan-out).
   */
  public static Initializer kaimingNormalFanOut(Convolution convolution) {
    return new NormalInitializer((float) Math.sqrt(2.0 / convolution.fanOut()));
  }

  /** {@code xavier_uniform_}: uniform within ±√(6/(fan-in + fan-out)). */
  public static Initializer xavierUniform(Convolution convolution) {
    double fans = convolution.fanIn() + convolution.fanOut();
    return new UniformInitializer((float) Math.sqrt(6 / fans));
  }

  /** Normal with the given standard deviation. */
  public static Initializer normal(double std) {
    return new NormalInitializer((float) std);
  }
}
