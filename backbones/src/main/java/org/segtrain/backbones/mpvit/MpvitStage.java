package org.segtrain.backbones.mpvit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import java.util.ArrayList;
import java.util.List;
import org.segtrain.engine.Aten;
import org.segtrain.nn.ComposedBlock;
import org.segtrain.nn.ConvNorm;
import org.segtrain.nn.Convolution;
import org.segtrain.nn.DropPath;
import org.segtrain.nn.Initializers;
import org.segtrain.nn.Pass;

/**
 * Paths of transformers beside a local one, and a convolution that fuses them: {@code B H W C} for
 * each path {@code -> B H W out}. MPViT (arXiv:2112.11010), section 3.3.
 */
final class MpvitStage extends ComposedBlock {

  private final List<MpvitPath> paths = new ArrayList<>();
  private final InvertedResidual local;
  private final ConvNorm aggregate;

  MpvitStage(MpvitConfig.Stage stage, int out, List<DropPath> dropPaths) {
    for (int i = 0; i < stage.paths(); i++) {
      paths.add(branch("mhca_blks." + i, new MpvitPath(stage, dropPaths)));
    }
    this.local = branch("InvRes", new InvertedResidual(stage.dim()));
    Convolution all = Convolution.pointwise((stage.paths() + 1) * stage.dim(), out).withoutBias();
    this.aggregate =
        child(
            "aggregate",
            new ConvNorm(
                "conv", "bn", all, Initializers.kaimingNormalFanOut(all), Aten::hardswish));
  }

  @Override
  protected NDList forward(Pass pass, NDList tokens) {
    NDList features = new NDList(pass.through(local, tokens.get(0)));
    for (int i = 0; i < paths.size(); i++) {
      features.add(pass.through(paths.get(i), tokens.get(i)));
    }
    NDArray all = NDArrays.concat(features, 3); // B H W (paths+1)·C
    return new NDList(pass.throughMap(aggregate, all)); // B H W out
  }
}
