package org.segtrain.backbones.hrvit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Activation;
import java.util.List;
import java.util.function.UnaryOperator;
import org.segtrain.engine.Aten;
import org.segtrain.nn.Chain;
import org.segtrain.nn.ComposedBlock;
import org.segtrain.nn.ConvNorm;
import org.segtrain.nn.Convolution;
import org.segtrain.nn.Layouts;
import org.segtrain.nn.Pass;

/**
 * Lets the branches see each other, and may begin a new one, coarser than all others: each map is
 * the sum of the contributions of all branches. Maps {@code B H W C}, finest first. HRViT
 * (arXiv:2111.01236), section 3.1, cross-resolution fusion.
 */
final class Fusion extends ComposedBlock {

  private final ComposedBlock[][] blocks; // [to][from], null from a branch to itself

  /**
   * A fusion.
   *
   * @param in channels of each map it reads
   * @param out channels of each map it gives: those of {@code in}, and one more at most
   */
  Fusion(List<Integer> in, List<Integer> out) {
    this.blocks = new ComposedBlock[out.size()][in.size()];
    for (int to = 0; to < out.size(); to++) {
      for (int from = 0; from < in.size(); from++) {
        if (from != to) {
          ComposedBlock block = block(in.get(from), out.get(to), to - from);
          blocks[to][from] = child("blocks." + to + "." + from, block);
        }
      }
    }
  }

  /** Between branches that are {@code levels} apart; coarser maps are enlarged later. */
  private static ComposedBlock block(int in, int out, int levels) {
    Convolution pointwise = Convolution.pointwise(in, out);
    if (levels < 0) {
      return new ConvNorm("0", "1", pointwise, UnaryOperator.identity());
    }
    int stride = 1 << levels;
    Convolution depthwise = Convolution.depthwise(in, stride + 1).withStride(stride).withoutBias();
    return new Chain(
        new ConvNorm("0", "1", depthwise, UnaryOperator.identity()),
        new ConvNorm("2", "3", pointwise, UnaryOperator.identity()));
  }

  @Override
  protected NDList forward(Pass pass, NDList maps) {
    NDList fused = new NDList();
    for (int to = 0; to < blocks.length; to++) {
      NDArray sum = message(pass, maps, 0, to);
      for (int from = 1; from < maps.size(); from++) {
        sum = sum.add(message(pass, maps, from, to));
      }
      fused.add(Activation.gelu(sum));
    }
    return fused;
  }

  /**
   * The contribution of branch {@code from} to branch {@code to}, of the size of the latter's map.
   */
  private NDArray message(Pass pass, NDList maps, int from, int to) {
    NDArray x = maps.get(from);
    if (from == to) {
      return x;
    }
    NDArray y = pass.through(blocks[to][from], Layouts.channelsFirst(x)); // B C' H' W'
    if (from > to) {
      NDArray finer = maps.get(to);
      y = Aten.resizeNearest(y, finer.size(1), finer.size(2)); // B C' H W
    }
    return Layouts.channelsLast(y);
  }
}
