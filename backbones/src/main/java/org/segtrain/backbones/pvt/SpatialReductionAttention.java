package org.segtrain.backbones.pvt;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.LayerNorm;
import org.segtrain.engine.Aten;
import org.segtrain.nn.Convolution;
import org.segtrain.nn.Layouts;
import org.segtrain.nn.Pass;
import org.segtrain.nn.UnaryBlock;

/**
 * Attention whose keys and values come from a map made {@code R} times smaller on each side, at
 * {@code 1/R²} of the cost. PVT (arXiv:2102.12122), section 3.3, equations 1-5.
 *
 * <p>{@code B H W C -> B H W C}, with N = H·W queries, M = N/R² keys, h heads of d = C/h channels.
 */
final class SpatialReductionAttention extends UnaryBlock {

  private final int heads;
  private final int reduction;
  private final Linear q;
  private final Linear kv;
  private final Linear proj;
  private final Conv2d sr; // null if reduction == 1
  private final LayerNorm norm; // null if reduction == 1

  SpatialReductionAttention(int dim, int heads, int reduction) {
    this.heads = heads;
    this.reduction = reduction;
    this.q = linear("q", dim, dim);
    this.kv = linear("kv", dim, 2 * dim);
    this.proj = linear("proj", dim, dim);
    this.sr = reduction > 1 ? conv("sr", Convolution.patches(dim, dim, reduction)) : null;
    this.norm = reduction > 1 ? layerNorm("norm", dim, 1e-5f) : null;
  }

  @Override
  protected NDArray forward(Pass pass, NDArray x) { // B H W C
    NDList kv = pass.through(this.kv, reduce(pass, x)).split(2, 3); // 2 of B H/R W/R C
    NDArray q = Layouts.splitHeads(pass.through(this.q, x), heads); // B h N d
    NDArray k = Layouts.splitHeads(kv.get(0), heads); // B h M d
    NDArray v = Layouts.splitHeads(kv.get(1), heads); // B h M d

    NDArray mixed = Aten.attention(q, k, v).swapAxes(1, 2); // B N h d
    return pass.through(proj, mixed.reshape(x.getShape()));
  }

  /** {@code B H W C -> B H/R W/R C}. */
  private NDArray reduce(Pass pass, NDArray x) {
    if (reduction == 1) {
      return x;
    }
    return pass.through(norm, pass.throughMap(sr, x));
  }
}
