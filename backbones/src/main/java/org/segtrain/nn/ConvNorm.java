package org.segtrain.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.training.initializer.Initializer;
import java.util.function.UnaryOperator;

/** A convolution, batch norm and an activation, {@code B in H W -> B out H' W'}. */
public final class ConvNorm extends UnaryBlock {

  private final Conv2d conv;
  private final BatchNorm norm;
  private final UnaryOperator<NDArray> activation;

  /**
   * Weights from the given distribution, biases zero.
   *
   * @param convName name of the convolution in the state dict
   * @param normName name of the batch norm in the state dict
   * @param activation element by element; {@link UnaryOperator#identity} for none
   */
  public ConvNorm(
      String convName,
      String normName,
      Convolution convolution,
      Initializer weights,
      UnaryOperator<NDArray> activation) {
    this.conv = conv(convName, convolution, weights);
    this.norm = batchNorm(normName, convolution.out());
    this.activation = activation;
  }

  /** Weights and biases from PyTorch's default distribution. */
  public ConvNorm(
      String convName,
      String normName,
      Convolution convolution,
      UnaryOperator<NDArray> activation) {
    this.conv = conv(convName, convolution);
    this.norm = batchNorm(normName, convolution.out());
    this.activation = activation;
  }

  @Override
  protected NDArray forward(Pass pass, NDArray x) {
    return activation.apply(pass.through(norm, pass.through(conv, x)));
  }
}
