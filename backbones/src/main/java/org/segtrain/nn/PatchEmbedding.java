package org.segtrain.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.training.initializer.Initializer;

/**
 * Makes normalised tokens of the patches that a convolution reads. {@code B in H W -> B H' W' dim}.
 */
public final class PatchEmbedding extends UnaryBlock {

  private static final float EPSILON = 1e-5f;

  private final Conv2d proj;
  private final LayerNorm norm;

  /** Weights and biases of the convolution from PyTorch's default distribution. */
  public PatchEmbedding(Convolution patches) {
    this.proj = conv("proj", patches);
    this.norm = layerNorm("norm", patches.out(), EPSILON);
  }

  /** Weights of the convolution from the given distribution, biases zero. */
  public PatchEmbedding(Convolution patches, Initializer weights) {
    this.proj = conv("proj", patches, weights);
    this.norm = layerNorm("norm", patches.out(), EPSILON);
  }

  @Override
  protected NDArray forward(Pass pass, NDArray map) {
    return pass.through(norm, Layouts.channelsLast(pass.through(proj, map)));
  }
}
