package org.segtrain.backbones.mpvit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.ArrayList;
import java.util.List;
import org.segtrain.backbones.Backbone;
import org.segtrain.nn.DropPath;
import org.segtrain.nn.Layouts;
import org.segtrain.nn.Pass;

/** The Multi-Path Vision Transformer of Lee et al., CVPR 2022 (arXiv:2112.11010). */
public final class Mpvit extends Backbone {

  private final Stem stem;
  private final List<MultiPathEmbedding> embeddings = new ArrayList<>();
  private final List<MpvitStage> stages = new ArrayList<>();

  /**
   * A backbone of the given architecture.
   *
   * @param dropPath rate of stochastic depth in the last layer, 0-1
   */
  public Mpvit(MpvitConfig config, float dropPath) {
    super(config.channels());
    this.stem = child("stem", new Stem(config.stages().get(0).dim()));
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

  @Override
  protected NDList features(Pass pass, NDArray image) {
    NDList maps = new NDList();
    NDArray x = pass.through(stem, image); // B H/4 W/4 C
    for (int i = 0; i < stages.size(); i++) {
      NDList tokens = pass.through(embeddings.get(i), new NDList(x)); // B H/s W/s C for each path
      x = pass.through(stages.get(i), tokens).singletonOrThrow();
      maps.add(Layouts.channelsFirst(x));
    }
    return maps;
  }
}
