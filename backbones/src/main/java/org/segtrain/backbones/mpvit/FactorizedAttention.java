package org.segtrain.backbones.mpvit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.core.Linear;
import org.segtrain.engine.Aten;
import org.segtrain.nn.Layouts;
import org.segtrain.nn.Pass;
import org.segtrain.nn.UnaryBlock;

/**
 * Attention of linear cost, whose keys are normalised over the tokens, with relative positions
 * encoded by convolutions: {@code Q (softmax(K)ᵀ V) / √d + Q ∘ R(V)}. MPViT (arXiv:2112.11010),
 * section 3.3, after CoaT (arXiv:2104.06399).
 *
 * <p>{@code B H W C -> B H W C}, with N = H·W tokens, h heads of d = C/h channels.
 */
final class FactorizedAttention extends UnaryBlock {

  private static final int HEADS = MpvitConfig.HEADS;

  private final int headDim;
  private final Linear qkv;
  private final Linear proj;
  private final ConvRelativePositionEncoding crpe;

  /**
   * Attention of {@code dim} channels.
   *
   * @param crpe R, a child of another block
   */
  FactorizedAttention(int dim, ConvRelativePositionEncoding crpe) {
    this.headDim = dim / HEADS;
    this.qkv = linear("qkv", dim, 3 * dim);
    this.proj = linear("proj", dim, dim);
    this.crpe = crpe;
  }

  @Override
  protected NDArray forward(Pass pass, NDArray x) { // B H W C
    NDList qkv = pass.through(this.qkv, x).split(3, 3); // 3 of B H W C
    NDArray positions = pass.through(crpe, qkv.get(2)); // B H W C
    NDArray q = Layouts.splitHeads(qkv.get(0), HEADS); // B h N d
    NDArray k = Layouts.splitHeads(qkv.get(1), HEADS).swapAxes(2, 3); // B h d N
    NDArray v = Layouts.splitHeads(qkv.get(2), HEADS); // B h N d

    NDArray context = Aten.scaled(Aten.softmax(k, 3).matMul(v), 1 / Math.sqrt(headDim)); // B h d d
    NDArray mixed = q.matMul(context).swapAxes(1, 2).reshape(x.getShape()); // B H W C
    return pass.through(proj, Aten.addProduct(mixed, qkv.get(0), positions));
  }
}
