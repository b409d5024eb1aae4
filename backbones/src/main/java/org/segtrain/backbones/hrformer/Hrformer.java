package org.segtrain.backbones.hrformer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Activation;
import java.util.ArrayList;
import java.util.List;
import org.segtrain.backbones.Backbone;
import org.segtrain.nn.Chain;
import org.segtrain.nn.ConvNorm;
import org.segtrain.nn.Convolution;
import org.segtrain.nn.DropPath;
import org.segtrain.nn.Pass;

/**
 * The High-Resolution Transformer of Yuan et al., NeurIPS 2021 (arXiv:2110.09408): maps of all
 * resolutions side by side, each stage with one more than the last.
 */
final class Hrformer extends Backbone {

  private static final int STEM = 64; // channels of the stem and inside the bottlenecks

  private final ConvNorm stem1;
  private final ConvNorm stem2;
  private final Chain layer1;
  private final List<Transition> transitions = new ArrayList<>();
  private final List<Chain> stages = new ArrayList<>();

  /**
   * A backbone of the given architecture.
   *
   * @param dropPath rate of stochastic depth in the last layer of each branch, 0-1
   */
  Hrformer(HrformerConfig config, float dropPath) {
    super(config.branches().stream().map(HrformerConfig.Branch::dim).toList());
    int wide = Bottleneck.EXPANSION * STEM;
    this.stem1 = halving(1, 3);
    this.stem2 = halving(2, STEM);
    this.layer1 =
        child(
            "layer1",
            Chain.ofLayers(List.of(new Bottleneck(STEM, STEM), new Bottleneck(wide, STEM))));
    List<DropPath> dropPaths = DropPath.rising(dropPath, config.layers());
    List<Integer> in = List.of(wide);
    int layer = 0;
    for (int modules : config.modules()) {
      int number = in.size() + 1; // of the stage, and of its branches
      List<Integer> out = channels().subList(0, number);
      transitions.add(child("transition" + in.size(), new Transition(in, out)));
      int next = layer + modules * config.depth();
      stages.add(child("stage" + number, stage(config, number, dropPaths.subList(layer, next))));
      in = out;
      layer = next;
    }
  }

  /** {@code B in H W -> B 64 H/2 W/2}, rounded up. */
  private ConvNorm halving(int number, int in) {
    Convolution halving = Convolution.same(in, STEM, 3).withStride(2).withoutBias();
    return child("", new ConvNorm("conv" + number, "bn" + number, halving, Activation::relu));
  }

  /** Modules on the first {@code branches} maps, with a rate for each layer of a branch. */
  private static Chain stage(HrformerConfig config, int branches, List<DropPath> dropPaths) {
    List<HrformerModule> modules = new ArrayList<>();
    for (int layer = 0; layer < dropPaths.size(); layer += config.depth()) {
      List<DropPath> own = dropPaths.subList(layer, layer + config.depth());
      modules.add(new HrformerModule(config, branches, own));
    }
    return new Chain(modules);
  }

  @Override
  protected NDList features(Pass pass, NDArray image) { // B 3 H W
    NDArray x = pass.through(stem2, pass.through(stem1, image)); // B 64 H/4 W/4
    NDList maps = new NDList(pass.through(layer1, x)); // B 256 H/4 W/4
    for (int i = 0; i < stages.size(); i++) {
      maps = pass.through(transitions.get(i), maps); // i+2 of B C H W
      maps = pass.through(stages.get(i), maps);
    }
    return maps;
  }
}
