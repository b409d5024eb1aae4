package org.segtrain.backbones.hrformer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Activation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.segtrain.engine.Aten;
import org.segtrain.nn.Chain;
import org.segtrain.nn.ComposedBlock;
import org.segtrain.nn.ConvNorm;
import org.segtrain.nn.Convolution;
import org.segtrain.nn.Pass;

/**
 * Adds to each map all others, brought to its channels and size: maps {@code B Cᵢ Hᵢ Wᵢ -> B Cᵢ Hᵢ
 * Wᵢ}. HRFormer (arXiv:2110.09408), figure 2; HRNet (arXiv:1908.07919), section 3.
 */
final class Exchange extends ComposedBlock {

  /**
   * The block that brings map {@code from} to the channels of map {@code to}; null from a map to
   * itself.
   */
  private final List<List<ComposedBlock>> ways = new ArrayList<>();

  Exchange(List<HrformerConfig.Branch> branches) {
    for (int to = 0; to < branches.size(); to++) {
      ways.add(new ArrayList<>());
      for (int from = 0; from < branches.size(); from++) {
        ways.get(to).add(way(branches, to, from));
      }
    }
  }

  private ComposedBlock way(List<HrformerConfig.Branch> branches, int to, int from) {
    int in = branches.get(from).dim();
    int out = branches.get(to).dim();
    String name = to + "." + from;
    if (from < to) {
      return child(name, down(in, out, to - from));
    } else if (from > to) {
      Convolution pointwise = Convolution.pointwise(in, out).withoutBias();
      return child(name, new ConvNorm("0", "1", pointwise, UnaryOperator.identity()));
    }
    return null;
  }

  /** Several steps to a coarser map; the last changes the channels and has no activation. */
  private static Chain down(int in, int out, int steps) {
    List<Chain> halvings = new ArrayList<>();
    for (int i = 1; i < steps; i++) {
      halvings.add(halving(in, in, Activation::relu));
    }
    halvings.add(halving(in, out, UnaryOperator.identity()));
    return new Chain(halvings);
  }

  /** One step, {@code B in H W -> B out H/2 W/2}, rounded up. */
  private static Chain halving(int in, int out, UnaryOperator<NDArray> activation) {
    Convolution depthwise = Convolution.depthwise(in, 3).withStride(2).withoutBias();
    Convolution pointwise = Convolution.pointwise(in, out).withoutBias();
    return new Chain(
        new ConvNorm("0", "1", depthwise, UnaryOperator.identity()),
        new ConvNorm("2", "3", pointwise, activation));
  }

  @Override
  protected NDList forward(Pass pass, NDList maps) {
    NDList sums = new NDList();
    for (int to = 0; to < maps.size(); to++) {
      NDArray sum = moved(pass, maps, to, 0);
      for (int from = 1; from < maps.size(); from++) {
        sum = sum.add(moved(pass, maps, to, from));
      }
      sums.add(Activation.relu(sum));
    }
    return sums;
  }

  /** Map {@code from} with the channels and size of map {@code to}. */
  private NDArray moved(Pass pass, NDList maps, int to, int from) {
    if (from == to) {
      return maps.get(to);
    }
    NDArray moved = pass.through(ways.get(to).get(from), maps.get(from));
    return from < to ? moved : enlarged(moved, from - to, maps.get(to));
  }

  /** {@code map} with each side doubled so many times, then brought to the size of {@code like}. */
  private static NDArray enlarged(NDArray map, int doublings, NDArray like) {
    NDArray large = Aten.resizeNearest(map, map.size(2) << doublings, map.size(3) << doublings);
    return Aten.resizeBilinear(large, like.size(2), like.size(3), true);
  }
}
