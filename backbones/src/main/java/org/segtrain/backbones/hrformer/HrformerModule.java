package org.segtrain.backbones.hrformer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.ArrayList;
import java.util.List;
import org.segtrain.nn.Chain;
import org.segtrain.nn.ComposedBlock;
import org.segtrain.nn.DropPath;
import org.segtrain.nn.Layouts;
import org.segtrain.nn.Pass;

/**
 * Layers on each map by itself, then an exchange between all: maps {@code B Cᵢ Hᵢ Wᵢ -> B Cᵢ Hᵢ
 * Wᵢ}. HRFormer (arXiv:2110.09408), figure 2.
 */
final class HrformerModule extends ComposedBlock {

  private final List<Chain> branches = new ArrayList<>();
  private final Exchange exchange;

  /** A module on the first {@code branches} maps, all of which drop paths at the same rates. */
  HrformerModule(HrformerConfig config, int branches, List<DropPath> dropPaths) {
    List<HrformerConfig.Branch> own = config.branches().subList(0, branches);
    for (HrformerConfig.Branch branch : own) {
      List<HrformerLayer> layers =
          dropPaths.stream().map(rate -> new HrformerLayer(config, branch, rate)).toList();
      this.branches.add(branch("branches." + this.branches.size(), Chain.ofLayers(layers)));
    }
    this.exchange = child("fuse_layers", new Exchange(own));
  }

  @Override
  protected NDList forward(Pass pass, NDList maps) {
    NDList mixed = new NDList();
    for (int i = 0; i < maps.size(); i++) {
      NDArray x = Layouts.channelsLast(maps.get(i)); // B H W C
      mixed.add(Layouts.channelsFirst(pass.through(branches.get(i), x))); // B C H W
    }
    return pass.through(exchange, mixed);
  }
}
