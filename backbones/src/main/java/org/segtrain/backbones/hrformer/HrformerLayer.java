package org.segtrain.backbones.hrformer;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.norm.LayerNorm;
import org.segtrain.nn.DropPath;
import org.segtrain.nn.Pass;
import org.segtrain.nn.UnaryBlock;

/**
 * One pre-norm transformer layer: attention inside windows, then a feed-forward network that
 * crosses them. {@code B H W C -> B H W C}. HRFormer (arXiv:2110.09408), figure 1.
 */
final class HrformerLayer extends UnaryBlock {

  private final LayerNorm norm1;
  private final LocalAttention attn;
  private final LayerNorm norm2;
  private final ConvMlp mlp;
  private final DropPath dropPath;

  HrformerLayer(HrformerConfig config, HrformerConfig.Branch branch, DropPath dropPath) {
    int dim = branch.dim();
    this.attn = child("attn", new LocalAttention(dim, branch.heads(), config.window()));
    this.norm1 = layerNorm("norm1", dim, 1e-6f);
    this.norm2 = layerNorm("norm2", dim, 1e-6f);
    this.mlp = child("mlp", new ConvMlp(dim, dim * config.mlpRatio()));
    this.dropPath = dropPath;
  }

  @Override
  protected NDArray forward(Pass pass, NDArray x) {
    x = x.add(dropPath.apply(pass, pass.through(attn, pass.through(norm1, x))));
    return x.add(dropPath.apply(pass, pass.through(mlp, pass.through(norm2, x))));
  }
}
