package org.segtrain.backbones.mpvit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.ArrayList;
import java.util.List;
import org.segtrain.backbones.Backbone;
import org.segtrain.engine.Aten;
import org.segtrain.nn.Chain;
import org.segtrain.nn.ConvNorm;
import org.segtrain.nn.Convolution;
import org.segtrain.nn.DropPath;
import org.segtrain.nn.Initializers;
import org.segtrain.nn.Layouts;
import org.segtrain.nn.Pass;

/** The Multi-Path Vision Transformer of Lee et al., CVPR 2022 (arXiv:2112.11010). */
final class Mpvit extends Backbone {

  private final Chain stem;
  private final List<MultiPathEmbedding> embeddings = new ArrayList<>();
  private final List<MpvitStage> stages = new ArrayList<>();

  /**
   * A backbone of the given architecture.
   *
   * @param dropPath rate of stochastic depth in the last layer, 0-1
   */
  Mpvit(MpvitConfig config, float dropPath) {
    super(config.channels());
    int first = config.stages().get(0).dim();
    this.stem = stem("stem", new Chain(List.of(halving(3, first / 2), halving(first / 2, first))));
    List<DropPath> dropPaths = DropPath.rising(dropPath, config.depth());
    int layer = 0;
    for (MpvitConfig.Stage stage : config.stages()) {
      int i = stages.size();
      int stride = i == 0 ? 1 : 2;
      List<DropPath> own = dropPaths.subList(layer, layer + stage.depth());
      embeddings.add(
          child(
              "patch_embed_stages." + i,
              new MultiPathEmbedding(stage.dim(), stage.paths(), stride)));
      stages.add(child("mhca_stages." + i, new MpvitStage(stage, channels().get(i), own)));
      layer += stage.depth();
    }
  }

  /** One convolution of the stem, {@code B in H W -> B out H/2 W/2}, rounded up. */
  private static ConvNorm halving(int in, int out) {
    Convolution convolution = Convolution.same(in, out, 3).withStride(2).withoutBias();
    return new ConvNorm(
        "conv", "bn", convolution, Initializers.kaimingNormalFanOut(convolution), Aten::hardswish);
  }

  @Override
  protected NDList features(Pass pass, NDArray image) {
    NDList maps = new NDList();
    NDArray map = pass.through(stem, image); // B C H/4 W/4
    NDArray x = Layouts.channelsLast(map); // B H/4 W/4 C
    for (int i = 0; i < stages.size(); i++) {
      NDList tokens = pass.through(embeddings.get(i), new NDList(x)); // B H/s W/s C for each path
      x = pass.through(stages.get(i), tokens).singletonOrThrow();
      maps.add(Layouts.channelsFirst(x));
    }
    return maps;
  }
}
