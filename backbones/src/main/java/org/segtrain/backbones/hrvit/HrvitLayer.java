package org.segtrain.backbones.hrvit;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.norm.LayerNorm;
import org.segtrain.nn.DropPath;
import org.segtrain.nn.Pass;
import org.segtrain.nn.UnaryBlock;

/**
 * One pre-norm transformer layer: attention beside the shortcut, then a feed-forward network.
 * {@code B H W C}. HRViT (arXiv:2111.01236), section 3.2.
 */
final class HrvitLayer extends UnaryBlock {

  private final LayerNorm attnNorm;
  private final CrossShapedAttention attn;
  private final DiversityShortcut des;
  private final LayerNorm ffnNorm;
  private final MixedScaleMlp ffn;
  private final DropPath dropPath;

  HrvitLayer(HrvitConfig.Branch branch, DropPath dropPath) {
    int dim = branch.dim();
    this.attnNorm = layerNorm("attn_norm", dim, 1e-5f);
    this.attn = child("attn", new CrossShapedAttention(dim, branch.headDim(), branch.window()));
    this.des = child("des", new DiversityShortcut(dim));
    this.ffnNorm = layerNorm("ffn_norm", dim, 1e-5f);
    this.ffn = child("ffn", new MixedScaleMlp(dim, dim * branch.mlpRatio()));
    this.dropPath = dropPath;
  }

  @Override
  protected NDArray forward(Pass pass, NDArray x) {
    NDArray mixed = pass.through(attn, pass.through(attnNorm, x)).add(pass.through(des, x));
    x = x.add(dropPath.apply(pass, mixed));
    return x.add(dropPath.apply(pass, pass.through(ffn, pass.through(ffnNorm, x))));
  }
}
