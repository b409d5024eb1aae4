package org.segtrain.backbones.shunted;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.ArrayList;
import java.util.List;
import org.segtrain.backbones.Backbone;
import org.segtrain.nn.Convolution;
import org.segtrain.nn.DropPath;
import org.segtrain.nn.Initializers;
import org.segtrain.nn.Pass;
import org.segtrain.nn.PatchEmbedding;
import org.segtrain.nn.UnaryBlock;

/**
 * The Shunted Transformer of Ren et al., CVPR 2022 (arXiv:2111.15193). Each stage reads the
 * normalised map of the one before.
 */
final class Shunted extends Backbone {

  private static final int STEM_STRIDE = 4;

  private final List<ShuntedStage> stages = new ArrayList<>();

  /**
   * A backbone of the given architecture.
   *
   * @param dropPath rate of stochastic depth in the last layer, 0-1
   */
  Shunted(ShuntedConfig config, float dropPath) {
    super(config.stages().stream().map(ShuntedConfig.Stage::dim).toList());
    List<DropPath> dropPaths = DropPath.rising(dropPath, config.depth());
    int layer = 0;
    for (ShuntedConfig.Stage stage : config.stages()) {
      int number = stages.size() + 1;
      UnaryBlock patchEmbed =
          number == 1
              ? new Stem(stage.dim(), config.stemConvolutions())
              : overlapping(channels().get(number - 2), stage.dim());
      List<DropPath> own = dropPaths.subList(layer, layer + stage.depth());
      stages.add(child("", new ShuntedStage(number, patchEmbed, stage, own)));
      layer += stage.depth();
    }
  }

  private static PatchEmbedding overlapping(int in, int dim) {
    Convolution patches = Convolution.same(in, dim, 3).withStride(2);
    return new PatchEmbedding(patches, Initializers.kaimingNormalFanOut(patches));
  }

  /** The stem rounds up, then down; the other stages round up. */
  @Override
  protected long mapSide(long pixels, int stride) {
    return super.mapSide((pixels + 1) / 2 / 2, stride / STEM_STRIDE);
  }

  @Override
  protected NDList features(Pass pass, NDArray image) {
    NDList maps = new NDList();
    NDArray x = image;
    for (ShuntedStage stage : stages) {
      x = pass.through(stage, x);
      maps.add(x);
    }
    return maps;
  }
}
