package org.segtrain.backbones.hrvit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.training.initializer.Initializer;
import org.segtrain.engine.Aten;
import org.segtrain.nn.BatchNorm;
import org.segtrain.nn.Convolution;
import org.segtrain.nn.Layouts;
import org.segtrain.nn.Padding;
import org.segtrain.nn.Pass;
import org.segtrain.nn.UnaryBlock;
import org.segtrain.nn.Windows;

/**
 * Attention within strips of the map that are as wide, or as high, as the map itself: half of the
 * channels look along rows, the other half along columns. Keys and values are one projection, and a
 * convolution of the values adds what is near. HRViT (arXiv:2111.01236), section 3.2, HRViTAttn.
 *
 * <p>{@code B H W C -> B H W C}; in each direction h heads of d channels, h·d = C/2, and n strips
 * of M tokens. The last strip may reach over the edge.
 */
final class CrossShapedAttention extends UnaryBlock {

  /** Added to the scores of keys beyond the edge, so that they count for next to nothing. */
  private static final float OUTSIDE = -100;

  private final int heads; // in each direction
  private final int headDim;
  private final int window;
  private final Linear toQkv;
  private final Linear toOut;
  private final BatchNorm attnBn;
  private final Conv2d parallelConv;

  CrossShapedAttention(int dim, int headDim, int window) {
    this.heads = dim / 2 / headDim;
    this.headDim = headDim;
    this.window = window;
    this.toQkv = linear("to_qkv", dim, 2 * dim);
    this.toOut = linear("to_out.0", dim, dim);
    this.attnBn = batchNorm("attn_bn", dim, Initializer.ZEROS); // the branch begins silent
    this.parallelConv = conv("parallel_conv.1", Convolution.depthwise(dim, 3));
  }

  @Override
  protected NDArray forward(Pass pass, NDArray x) { // B H W C
    NDList qv = pass.through(toQkv, x).split(2, 3); // 2 of B H W C
    NDArray v = qv.get(1);
    NDList queries = qv.get(0).split(2, 3); // 2 of B H W C/2
    NDList values = v.split(2, 3); // 2 of B H W C/2

    NDArray alongRows = attend(queries.get(0), values.get(0), new Windows(window, x.size(2)));
    NDArray alongColumns = attend(queries.get(1), values.get(1), new Windows(x.size(1), window));
    NDArray mixed = alongRows.concat(alongColumns, 3); // B H W C
    NDArray near = pass.throughMap(parallelConv, Aten.hardswish(v));
    NDArray out = pass.through(toOut, Aten.hardswish(mixed.add(near)));
    return pass.throughMap(attnBn, out);
  }

  /** Attention within each strip, {@code B H W C/2, B H W C/2 -> B H W C/2}. */
  private NDArray attend(NDArray q, NDArray v, Windows strips) {
    Padding padding = Padding.after(q, strips);
    NDArray padded = padding.pad(q);
    NDArray queries = Layouts.splitHeads(strips.partition(padded), heads); // B·n h M d
    NDArray values = Layouts.splitHeads(strips.partition(padding.pad(v)), heads); // B·n h M d
    NDArray bias = padding.keyBias(q, strips, OUTSIDE); // B·n 1 1 M

    NDArray mixed =
        Aten.attention(queries, values, values, bias, 1 / Math.sqrt(headDim))
            .swapAxes(1, 2) // B·n M h d
            .flatten(2, 3); // B·n M C/2
    return padding.crop(strips.merge(mixed, padded.getShape()));
  }
}
