package org.segtrain.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.norm.LayerNorm;

/**
 * Makes normalised tokens of the patches that a convolution reads. {@code B in H W -> B H' W' dim}.
 */
public final class PatchEmbedding extends UnaryBlock {

  private final Convolution patches;
  private final Conv2d proj;
  private final LayerNorm norm;

  /** An embedding of the patches that {@code patches} reads. */
  public PatchEmbedding(Convolution patches) {
    this.patches = patches;
    this.proj = conv("proj", patches);
    this.norm = layerNorm("norm", patches.out(), 1e-5f);
  }

  @Override
  protected NDArray forward(Pass pass, NDArray map) {
    return pass.through(norm, Layouts.channelsLast(pass.through(proj, map)));
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    return new Shape[] {Layouts.channelsLast(patches.output(inputs[0]))};
  }
}
