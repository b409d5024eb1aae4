package org.segtrain.backbones.mpvit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.core.Linear;
import org.segtrain.nn.Pass;
import org.segtrain.nn.UnaryBlock;
import org.segtrain.torchscript.Aten;

/**
 * Attention of linear cost, whose keys are normalised over the tokens, with relative positions
 * encoded by convolutions: {@code Q (softmax(K)ᵀ V) / √d + Q ∘ R(V)}. {@code B H W C -> B H W C}.
 * CoaT (arXiv:2104.06399), equations 3 and 9.
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
    NDArray q = tokens(qkv.get(0)); // B N C
    NDArray k = Aten.softmax(tokens(qkv.get(1)), 1); // B N C
    NDArray v = tokens(qkv.get(2)); // B N C

    NDArray context = k.swapAxes(1, 2).matMul(v); // B C C
    NDArray mixed = q.matMul(withinHeads(context)).reshape(x.getShape()); // B H W C
    return pass.through(proj, Aten.addProduct(mixed, qkv.get(0), positions));
  }

  /** {@code B H W C -> B N C}. */
  private static NDArray tokens(NDArray map) {
    return map.reshape(map.size(0), -1, map.size(3));
  }

  /**
   * Scales what each head makes of its own channels, and sets to zero what heads would make of each
   * other's: one product of all channels is faster than a small one for each head. {@code B C C}.
   */
  private NDArray withinHeads(NDArray context) {
    NDArray blocks = context.reshape(new Shape(-1, HEADS, headDim, HEADS, headDim));
    NDArray own = Aten.diagonal(blocks, 1, 3).mul(1 / Math.sqrt(headDim)); // B d d h
    return Aten.diagonalMatrix(own, 1, 3).reshape(context.getShape());
  }
}
