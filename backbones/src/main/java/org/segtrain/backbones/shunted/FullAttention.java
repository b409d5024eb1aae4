package org.segtrain.backbones.shunted;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import org.segtrain.engine.Aten;
import org.segtrain.nn.Convolution;
import org.segtrain.nn.Initializers;
import org.segtrain.nn.Layouts;
import org.segtrain.nn.Pass;
import org.segtrain.nn.UnaryBlock;

/**
 * Attention of every token to every token, for the coarsest stage, to which a convolution adds what
 * is around each value. Shunted Transformer (arXiv:2111.15193), section 3.1.
 *
 * <p>{@code B H W C -> B H W C}, with N = H·W tokens, h heads of d = C/h channels.
 */
final class FullAttention extends UnaryBlock {

  private final int heads;
  private final Linear q;
  private final Linear kv;
  private final Conv2d localConv;
  private final Linear proj;

  FullAttention(int dim, int heads) {
    Convolution around = Convolution.depthwise(dim, 3);
    this.heads = heads;
    this.q = linear("q", dim, dim);
    this.kv = linear("kv", dim, 2 * dim);
    this.localConv = conv("local_conv", around, Initializers.kaimingNormalFanOut(around));
    this.proj = linear("proj", dim, dim);
  }

  @Override
  protected NDArray forward(Pass pass, NDArray x) { // B H W C
    NDList kv = pass.through(this.kv, x).split(2, 3); // 2 of B H W C
    NDArray q = Layouts.splitHeads(pass.through(this.q, x), heads); // B h N d
    NDArray k = Layouts.splitHeads(kv.get(0), heads); // B h N d
    NDArray v = Layouts.splitHeads(kv.get(1), heads); // B h N d

    NDArray mixed = Aten.attention(q, k, v).swapAxes(1, 2).reshape(x.getShape()); // B H W C
    return pass.through(proj, mixed.add(pass.throughMap(localConv, kv.get(1))));
  }
}
