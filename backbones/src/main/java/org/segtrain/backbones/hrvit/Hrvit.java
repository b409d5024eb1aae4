package org.segtrain.backbones.hrvit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Activation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.segtrain.backbones.Backbone;
import org.segtrain.nn.Chain;
import org.segtrain.nn.ComposedBlock;
import org.segtrain.nn.ConvNorm;
import org.segtrain.nn.Convolution;
import org.segtrain.nn.DropPath;
import org.segtrain.nn.Layouts;
import org.segtrain.nn.Pass;

/**
 * The High-Resolution Vision Transformer of Gu et al., CVPR 2022 (arXiv:2111.01236): branches of
 * several resolutions side by side, a new one from stage to stage, which are fused before each.
 */
final class Hrvit extends Backbone {

  private static final int STEM_DIM = 64;

  private final Chain stem;
  private final List<ComposedBlock> features = new ArrayList<>(); // a fusion, a stage, ...

  /**
   * A backbone of the given architecture.
   *
   * @param dropPath rate of stochastic depth in the last layer, 0-1
   */
  Hrvit(HrvitConfig config, float dropPath) {
    super(config.dims());
    this.stem =
        stem("stem", new Chain(halving(1, 3, STEM_DIM / 2), halving(2, STEM_DIM / 2, STEM_DIM)));
    List<DropPath> dropPaths = DropPath.rising(dropPath, config.depth());
    List<Integer> before = List.of(STEM_DIM);
    int layer = 0;
    for (List<Integer> depths : config.stages()) {
      List<Integer> dims = config.dims().subList(0, depths.size());
      List<Integer> fused = new ArrayList<>(before);
      fused.addAll(dims.subList(before.size(), dims.size()));
      int depth = Collections.max(depths);
      add(new Fusion(before, fused));
      add(
          new HrvitStage(
              fused, config.branches(), depths, dropPaths.subList(layer, layer + depth)));
      before = dims;
      layer += depth;
    }
  }

  /** One convolution of the stem, {@code B in H W -> B out H/2 W/2}, rounded up. */
  private static ConvNorm halving(int number, int in, int out) {
    Convolution convolution = Convolution.same(in, out, 3).withStride(2);
    return new ConvNorm("conv" + number, "bn" + number, convolution, Activation::relu);
  }

  private void add(ComposedBlock block) {
    features.add(child("features." + features.size(), block));
  }

  @Override
  protected NDList features(Pass pass, NDArray image) {
    NDArray map = pass.through(stem, image); // B 64 H/4 W/4
    NDList maps = new NDList(Layouts.channelsLast(map)); // B H/4 W/4 64
    for (ComposedBlock block : features) {
      maps = pass.through(block, maps);
    }
    return new NDList(maps.stream().map(Layouts::channelsFirst).toList());
  }
}
