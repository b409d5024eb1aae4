package org.segtrain.backbones.hrvit;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.norm.LayerNorm;
import java.util.List;
import java.util.stream.IntStream;
import org.segtrain.nn.DropPath;
import org.segtrain.nn.Pass;
import org.segtrain.nn.UnaryBlock;

/** The part of a stage for one resolution, {@code B H W in -> B H W dim}. */
final class HrvitBranch extends UnaryBlock {

  private final ConvolutionalEmbedding patchEmbed;
  private final List<HrvitLayer> layers;
  private final LayerNorm norm;

  /** The branch of the given index, which names its parameters, with a layer for each drop path. */
  HrvitBranch(int index, int in, HrvitConfig.Branch branch, List<DropPath> dropPaths) {
    this.patchEmbed = child("patch_embed." + index, new ConvolutionalEmbedding(in, branch.dim()));
    this.layers =
        IntStream.range(0, dropPaths.size())
            .mapToObj(
                i -> layer("branches." + index + "." + i, new HrvitLayer(branch, dropPaths.get(i))))
            .toList();
    this.norm = layerNorm("norm." + index, branch.dim(), 1e-5f);
  }

  @Override
  protected NDArray forward(Pass pass, NDArray map) { // B H W in
    NDArray x = pass.through(patchEmbed, map); // B H W dim
    for (HrvitLayer layer : layers) {
      x = pass.through(layer, x);
    }
    return pass.through(norm, x);
  }
}
