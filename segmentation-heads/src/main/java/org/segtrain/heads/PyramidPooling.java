package org.segtrain.heads;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import java.util.ArrayList;
import java.util.List;
import org.segtrain.engine.Aten;
import org.segtrain.nn.ConvNorm;
import org.segtrain.nn.Pass;
import org.segtrain.nn.UnaryBlock;

/**
 * Context of several extents around each pixel: {@code B in H W -> B out H W}. Zhao et al., Pyramid
 * Scene Parsing Network (arXiv:1612.01105), section 3.2, figure 3.
 */
final class PyramidPooling extends UnaryBlock {

  /** Cells on each side of the grids over which the map is averaged. */
  private static final List<Integer> GRIDS = List.of(1, 2, 3, 6);

  private final List<ConvNorm> pooled = new ArrayList<>();
  private final ConvNorm bottleneck;

  PyramidPooling(int in, int out) {
    for (int i = 0; i < GRIDS.size(); i++) {
      pooled.add(child("psp_modules." + i + ".1", ConvModule.of(in, out, 1)));
    }
    this.bottleneck = child("bottleneck", ConvModule.of(in + GRIDS.size() * out, out, 3));
  }

  @Override
  protected NDArray forward(Pass pass, NDArray x) {
    NDList contexts = new NDList(x);
    for (int i = 0; i < GRIDS.size(); i++) {
      int side = GRIDS.get(i);
      NDArray cells = Aten.adaptiveAveragePool(x, side, side); // B in side side
      contexts.add(Maps.resizeLike(pass.through(pooled.get(i), cells), x, false)); // B out H W
    }
    return pass.through(bottleneck, NDArrays.concat(contexts, 1));
  }
}
