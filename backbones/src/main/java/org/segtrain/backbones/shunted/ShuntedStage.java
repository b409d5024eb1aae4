package org.segtrain.backbones.shunted;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.norm.LayerNorm;
import java.util.List;
import java.util.stream.IntStream;
import org.segtrain.nn.DropPath;
import org.segtrain.nn.Layouts;
import org.segtrain.nn.Pass;
import org.segtrain.nn.UnaryBlock;

/**
 * Patch embedding, the layers, then layer norm. {@code B in H W -> B dim H/s W/s}, s = 4 in the
 * first stage and 2 in the others. Shunted Transformer (arXiv:2111.15193), section 3.
 */
final class ShuntedStage extends UnaryBlock {

  private final UnaryBlock patchEmbed;
  private final List<ShuntedLayer> layers;
  private final LayerNorm norm;

  /** The stage of the given number, which names its parameters. */
  ShuntedStage(
      int number, UnaryBlock patchEmbed, ShuntedConfig.Stage stage, List<DropPath> dropPaths) {
    this.patchEmbed = child("patch_embed" + number, patchEmbed);
    this.layers =
        IntStream.range(0, stage.depth())
            .mapToObj(
                i -> layer("block" + number + "." + i, new ShuntedLayer(stage, dropPaths.get(i))))
            .toList();
    this.norm = layerNorm("norm" + number, stage.dim(), 1e-6f);
  }

  @Override
  protected NDArray forward(Pass pass, NDArray map) { // B in H W
    NDArray x = pass.through(patchEmbed, map); // B H/s W/s dim
    for (ShuntedLayer layer : layers) {
      x = pass.through(layer, x);
    }
    return Layouts.channelsFirst(pass.through(norm, x)); // B dim H/s W/s
  }
}
