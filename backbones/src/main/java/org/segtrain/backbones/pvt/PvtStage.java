package org.segtrain.backbones.pvt;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;
import java.util.List;
import java.util.stream.IntStream;
import org.segtrain.engine.Aten;
import org.segtrain.nn.Convolution;
import org.segtrain.nn.DropPath;
import org.segtrain.nn.Layouts;
import org.segtrain.nn.Pass;
import org.segtrain.nn.PatchEmbedding;
import org.segtrain.nn.UnaryBlock;

/**
 * Patch embedding, position embedding, then the layers. {@code B in H W -> B dim H/p W/p}, rounded
 * down. PVT (arXiv:2102.12122), section 3.2.
 */
final class PvtStage extends UnaryBlock {

  private final int grid;
  private final int unused; // leading rows of posEmbed
  private final PatchEmbedding patchEmbed;
  private final Parameter posEmbed; // 1 unused+grid·grid dim
  private final List<PvtLayer> layers;

  /**
   * The stage of the given number, which names its parameters.
   *
   * @param in channels of the map it reads
   * @param grid side of the map that the position embedding describes
   * @param classToken whether the position embedding has a first row for a class token, which only
   *     the classification model has
   */
  PvtStage(
      int number,
      int in,
      int grid,
      boolean classToken,
      PvtConfig.Stage stage,
      List<DropPath> dropPaths) {
    int dim = stage.dim();
    this.grid = grid;
    this.unused = classToken ? 1 : 0;
    this.posEmbed = parameter("pos_embed" + number, 1, unused + (long) grid * grid, dim);
    this.patchEmbed =
        child(
            "patch_embed" + number,
            new PatchEmbedding(Convolution.patches(in, dim, stage.patch())));
    this.layers =
        IntStream.range(0, stage.depth())
            .mapToObj(i -> layer("block" + number + "." + i, new PvtLayer(stage, dropPaths.get(i))))
            .toList();
  }

  @Override
  protected NDArray forward(Pass pass, NDArray map) { // B in H W
    NDArray x = pass.through(patchEmbed, map); // B H/p W/p dim
    x = x.add(positions(pass, x));
    for (PvtLayer layer : layers) {
      x = pass.through(layer, x);
    }
    return Layouts.channelsFirst(x);
  }

  /** The position embedding, resized to the height and width of {@code x}: {@code 1 H W dim}. */
  private NDArray positions(Pass pass, NDArray x) {
    NDArray rows = pass.value(posEmbed, x).get(":, {}:", unused);
    NDArray square = rows.reshape(1, grid, grid, x.size(3));
    return Layouts.channelsLast(
        Aten.resizeBilinear(Layouts.channelsFirst(square), x.size(1), x.size(2), false));
  }
}
