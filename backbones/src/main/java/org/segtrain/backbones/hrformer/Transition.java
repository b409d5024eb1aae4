package org.segtrain.backbones.hrformer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Activation;
import java.util.ArrayList;
import java.util.List;
import org.segtrain.nn.ComposedBlock;
import org.segtrain.nn.ConvNorm;
import org.segtrain.nn.Convolution;
import org.segtrain.nn.Pass;

/**
 * Begins a stage: makes one coarser map of the coarsest there is, and gives the others the channels
 * of their branches. Maps {@code B Cᵢ Hᵢ Wᵢ}, one more than before.
 */
final class Transition extends ComposedBlock {

  private final List<ConvNorm> convs = new ArrayList<>(); // null where a map stays as it is

  /**
   * A transition between maps of the given channels.
   *
   * @param in channels of each map it reads
   * @param out channels of each map it gives, one more
   */
  Transition(List<Integer> in, List<Integer> out) {
    for (int i = 0; i < in.size(); i++) {
      boolean stays = in.get(i).equals(out.get(i));
      convs.add(stays ? null : convNorm(i, "", Convolution.same(in.get(i), out.get(i), 3)));
    }
    Convolution same = Convolution.same(in.get(in.size() - 1), out.get(in.size()), 3);
    convs.add(convNorm(in.size(), "0.", same.withStride(2)));
  }

  private ConvNorm convNorm(int number, String step, Convolution convolution) {
    return child(
        String.valueOf(number),
        new ConvNorm(step + "0", step + "1", convolution.withoutBias(), Activation::relu));
  }

  @Override
  protected NDList forward(Pass pass, NDList maps) {
    NDList begun = new NDList();
    for (int i = 0; i < convs.size(); i++) {
      NDArray map = maps.get(Math.min(i, maps.size() - 1));
      begun.add(convs.get(i) == null ? map : pass.through(convs.get(i), map));
    }
    return begun;
  }
}
