package org.segtrain.heads;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.convolutional.Conv2d;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.segtrain.engine.Aten;
import org.segtrain.nn.Convolution;
import org.segtrain.nn.Initializers;
import org.segtrain.nn.Pass;

/**
 * The feature pyramid: {@code B Cᵢ Hᵢ Wᵢ -> B out Hᵢ Wᵢ}. Lin et al., Feature Pyramid Networks for
 * Object Detection (arXiv:1612.03144), section 3, figure 3.
 */
public final class FpnNeck extends Neck {

  private final int out;
  private final List<Conv2d> laterals = new ArrayList<>();
  private final List<Conv2d> smoothings = new ArrayList<>();

  /**
   * A pyramid over maps of the given channels, finest first.
   *
   * @param out channels of every level
   */
  public FpnNeck(List<Integer> channels, int out) {
    this.out = out;
    for (int i = 0; i < channels.size(); i++) {
      laterals.add(
          level("lateral_convs." + i + ".conv", Convolution.same(channels.get(i), out, 1)));
    }
    for (int i = 0; i < channels.size(); i++) {
      smoothings.add(level("fpn_convs." + i + ".conv", Convolution.same(out, out, 3)));
    }
  }

  private Conv2d level(String name, Convolution convolution) {
    return conv(name, convolution, Initializers.xavierUniform(convolution));
  }

  @Override
  public List<Integer> channels() {
    return Collections.nCopies(laterals.size(), out);
  }

  @Override
  protected NDList forward(Pass pass, NDList maps) {
    NDArray[] levels = new NDArray[maps.size()];
    // 1. lateral connections; 2. top-down: each level adds the coarser one, enlarged
    for (int i = levels.length - 1; i >= 0; i--) {
      levels[i] = pass.through(laterals.get(i), maps.get(i)); // B out Hᵢ Wᵢ
      if (i < levels.length - 1) {
        NDArray enlarged = Aten.resizeNearest(levels[i + 1], levels[i].size(2), levels[i].size(3));
        levels[i] = levels[i].add(enlarged);
      }
    }
    // 3. a convolution on each level against the aliasing of the enlargement
    NDList outputs = new NDList();
    for (int i = 0; i < levels.length; i++) {
      outputs.add(pass.through(smoothings.get(i), levels[i]));
    }
    return outputs;
  }
}
