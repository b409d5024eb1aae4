package org.segtrain.backbones.mpvit;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.norm.LayerNorm;
import org.segtrain.nn.DropPath;
import org.segtrain.nn.Mlp;
import org.segtrain.nn.Pass;
import org.segtrain.nn.UnaryBlock;

/**
 * Position encoding, then one pre-norm transformer layer: attention, then a feed-forward network.
 * {@code B H W C}.
 */
final class MpvitLayer extends UnaryBlock {

  private final ConvPositionEncoding cpe;
  private final LayerNorm norm1;
  private final FactorizedAttention attn;
  private final LayerNorm norm2;
  private final Mlp mlp;
  private final DropPath dropPath;

  /**
   * A layer of a stage.
   *
   * @param cpe a child of the path, as is {@code crpe}
   */
  MpvitLayer(
      MpvitConfig.Stage stage,
      ConvPositionEncoding cpe,
      ConvRelativePositionEncoding crpe,
      DropPath dropPath) {
    int dim = stage.dim();
    this.cpe = cpe;
    this.norm1 = layerNorm("norm1", dim, 1e-6f);
    this.attn = child("factoratt_crpe", new FactorizedAttention(dim, crpe));
    this.norm2 = layerNorm("norm2", dim, 1e-6f);
    this.mlp = child("mlp", new Mlp(dim, dim * stage.mlpRatio()));
    this.dropPath = dropPath;
  }

  @Override
  protected NDArray forward(Pass pass, NDArray x) {
    x = pass.through(cpe, x);
    x = x.add(dropPath.apply(pass, pass.through(attn, pass.through(norm1, x))));
    return x.add(dropPath.apply(pass, pass.through(mlp, pass.through(norm2, x))));
  }
}
