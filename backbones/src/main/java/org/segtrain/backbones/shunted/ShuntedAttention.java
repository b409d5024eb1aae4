package org.segtrain.backbones.shunted;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.core.Linear;
import org.segtrain.engine.Aten;
import org.segtrain.nn.Layouts;
import org.segtrain.nn.Pass;
import org.segtrain.nn.UnaryBlock;

/**
 * Attention at two scales: the first half of the heads reads keys and values from a map {@code R}
 * times smaller on each side, the second half from one {@code R/2} times smaller. Shunted
 * Transformer (arXiv:2111.15193), section 3.1.1.
 *
 * <p>{@code B H W C -> B H W C}, with N = H·W queries, h heads of d = C/h channels.
 */
final class ShuntedAttention extends UnaryBlock {

  private final int heads;
  private final Linear q;
  private final TokenAggregation coarse;
  private final TokenAggregation fine;
  private final Linear proj;

  ShuntedAttention(int dim, int heads, int reduction) {
    this.heads = heads;
    this.q = linear("q", dim, dim);
    this.coarse = child("", new TokenAggregation(1, dim, heads / 2, reduction));
    this.fine = child("", new TokenAggregation(2, dim, heads / 2, reduction / 2));
    this.proj = linear("proj", dim, dim);
  }

  @Override
  protected NDArray forward(Pass pass, NDArray x) { // B H W C
    NDList q = Layouts.splitHeads(pass.through(this.q, x), heads).split(2, 1); // 2 of B h/2 N d
    NDArray first = attend(q.get(0), pass.through(coarse, new NDList(x))); // B N h/2 d
    NDArray second = attend(q.get(1), pass.through(fine, new NDList(x))); // B N h/2 d
    return pass.through(proj, first.concat(second, 2).reshape(x.getShape()));
  }

  /** {@code B h N d}, keys and values {@code B h M d -> B N h d}. */
  private static NDArray attend(NDArray q, NDList kv) {
    return Aten.attention(q, kv.get(0), kv.get(1)).swapAxes(1, 2);
  }
}
