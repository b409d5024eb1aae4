package org.segtrain.backbones.pvt;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.norm.LayerNorm;
import org.segtrain.nn.Convolution;
import org.segtrain.nn.Layouts;
import org.segtrain.nn.Pass;
import org.segtrain.nn.UnaryBlock;

/** Makes a token of each p x p patch. {@code B in H W -> B H/p W/p dim}, rounded down. */
final class PatchEmbedding extends UnaryBlock {

  private final int patch;
  private final int dim;
  private final Conv2d proj;
  private final LayerNorm norm;

  PatchEmbedding(int in, int dim, int patch) {
    this.patch = patch;
    this.dim = dim;
    this.proj = conv("proj", Convolution.patches(in, dim, patch));
    this.norm = layerNorm("norm", dim, 1e-5f);
  }

  @Override
  protected NDArray forward(Pass pass, NDArray map) {
    return pass.through(norm, Layouts.channelsLast(pass.through(proj, map)));
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    Shape map = inputs[0];
    return new Shape[] {new Shape(map.get(0), map.get(2) / patch, map.get(3) / patch, dim)};
  }
}
