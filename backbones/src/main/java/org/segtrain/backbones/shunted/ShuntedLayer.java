package org.segtrain.backbones.shunted;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.norm.LayerNorm;
import org.segtrain.nn.DropPath;
import org.segtrain.nn.Pass;
import org.segtrain.nn.UnaryBlock;

/** One pre-norm transformer layer: attention, then a feed-forward network. {@code B H W C}. */
final class ShuntedLayer extends UnaryBlock {

  private final LayerNorm norm1;
  private final UnaryBlock attn;
  private final LayerNorm norm2;
  private final DetailMlp mlp;
  private final DropPath dropPath;

  ShuntedLayer(ShuntedConfig.Stage stage, DropPath dropPath) {
    int dim = stage.dim();
    this.norm1 = layerNorm("norm1", dim, 1e-6f);
    this.attn = child("attn", attention(stage));
    this.norm2 = layerNorm("norm2", dim, 1e-6f);
    this.mlp = child("mlp", new DetailMlp(dim, dim * stage.mlpRatio()));
    this.dropPath = dropPath;
  }

  private static UnaryBlock attention(ShuntedConfig.Stage stage) {
    return stage.reduction() == 1
        ? new FullAttention(stage.dim(), stage.heads())
        : new ShuntedAttention(stage.dim(), stage.heads(), stage.reduction());
  }

  @Override
  protected NDArray forward(Pass pass, NDArray x) {
    x = x.add(dropPath.apply(pass, pass.through(attn, pass.through(norm1, x))));
    return x.add(dropPath.apply(pass, pass.through(mlp, pass.through(norm2, x))));
  }
}
