package org.segtrain.backbones.pvt;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.ArrayList;
import java.util.List;
import org.segtrain.backbones.Backbone;
import org.segtrain.nn.DropPath;
import org.segtrain.nn.Pass;

/** The Pyramid Vision Transformer of Wang et al., ICCV 2021 (arXiv:2102.12122). */
final class Pvt extends Backbone {

  private static final int TRAINED_SIZE = 224; // of the images the position embeddings describe

  private final List<PvtStage> stages = new ArrayList<>();

  /**
   * A backbone of the given architecture.
   *
   * @param dropPath rate of stochastic depth in the last layer, 0-1
   */
  Pvt(PvtConfig config, float dropPath) {
    super(config.stages().stream().map(PvtConfig.Stage::dim).toList());
    List<DropPath> dropPaths = DropPath.rising(dropPath, config.depth());
    int last = config.stages().size();
    int in = 3;
    int side = TRAINED_SIZE;
    int layer = 0;
    for (PvtConfig.Stage stage : config.stages()) {
      int number = stages.size() + 1;
      side /= stage.patch();
      List<DropPath> own = dropPaths.subList(layer, layer + stage.depth());
      stages.add(child("", new PvtStage(number, in, side, number == last, stage, own)));
      in = stage.dim();
      layer += stage.depth();
    }
  }

  /** Patches that the map has no room for are left out, at each stage. */
  @Override
  protected long mapSide(long pixels, int stride) {
    return pixels / stride;
  }

  @Override
  protected NDList features(Pass pass, NDArray image) {
    NDList maps = new NDList();
    NDArray x = image;
    for (PvtStage stage : stages) {
      x = pass.through(stage, x);
      maps.add(x);
    }
    return maps;
  }
}
