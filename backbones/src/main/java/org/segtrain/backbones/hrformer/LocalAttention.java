package org.segtrain.backbones.hrformer;

import ai.djl.ndarray.NDArray;
import org.segtrain.nn.Padding;
import org.segtrain.nn.Pass;
import org.segtrain.nn.UnaryBlock;
import org.segtrain.nn.Windows;

/**
 * Attention inside non-overlapping windows that tile the map, {@code B H W C -> B H W C}. HRFormer
 * (arXiv:2110.09408), figure 1 a.
 *
 * <p>A map that the windows do not tile gets zeros on all sides, which take part in the attention
 * as the biases of keys and values.
 */
final class LocalAttention extends UnaryBlock {

  private final Windows windows;
  private final WindowAttention attn;

  LocalAttention(int dim, int heads, int window) {
    this.windows = new Windows(window, window);
    this.attn = child("attn", new WindowAttention(dim, heads, window));
  }

  @Override
  protected NDArray forward(Pass pass, NDArray x) {
    Padding padding = Padding.around(x, windows);
    NDArray padded = padding.pad(x); // B H' W' C
    NDArray mixed = pass.through(attn, windows.partition(padded)); // B·n N C
    return padding.crop(windows.merge(mixed, padded.getShape())); // B H W C
  }
}
