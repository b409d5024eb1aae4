package org.segtrain.backbones.pvt;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.norm.LayerNorm;
import org.segtrain.nn.DropPath;
import org.segtrain.nn.Mlp;
import org.segtrain.nn.Pass;
import org.segtrain.nn.UnaryBlock;

/** One pre-norm transformer layer: attention, then a feed-forward network. {@code B H W C}. */
final class PvtLayer extends UnaryBlock {

  private final LayerNorm norm1;
  private final SpatialReductionAttention attn;
  private final LayerNorm norm2;
  private final Mlp mlp;
  private final DropPath dropPath;

  PvtLayer(PvtConfig.Stage stage, DropPath dropPath) {
    int dim = stage.dim();
    this.norm1 = layerNorm("norm1", dim, 1e-6f);
    this.attn = child("attn", new SpatialReductionAttention(dim, stage.heads(), stage.reduction()));
    this.norm2 = layerNorm("norm2", dim, 1e-6f);
    this.mlp = child("mlp", new Mlp(dim, dim * stage.mlpRatio()));
    this.dropPath = dropPath;
  }

  @Override
  protected NDArray forward(Pass pass, NDArray x) {
    x = x.add(dropPath.apply(pass, pass.through(attn, pass.through(norm1, x))));
    return x.add(dropPath.apply(pass, pass.through(mlp, pass.through(norm2, x))));
  }
}
