package org.segtrain.backbones.hrvit;

import ai.djl.ndarray.NDList;
import java.util.ArrayList;
import java.util.List;
import org.segtrain.nn.ComposedBlock;
import org.segtrain.nn.DropPath;
import org.segtrain.nn.Pass;

/**
 * The layers of one stage, in branches that do not see each other: a map {@code B H W in -> B H W
 * dim} each. HRViT (arXiv:2111.01236), section 3.1.
 */
final class HrvitStage extends ComposedBlock {

  private final List<HrvitBranch> branches = new ArrayList<>();

  /**
   * A stage.
   *
   * @param in channels of each map it reads
   * @param depths layers of each branch
   * @param dropPaths of the layers of the deepest branch; the others begin with the same
   */
  HrvitStage(
      List<Integer> in,
      List<HrvitConfig.Branch> configs,
      List<Integer> depths,
      List<DropPath> dropPaths) {
    for (int i = 0; i < depths.size(); i++) {
      List<DropPath> own = dropPaths.subList(0, depths.get(i));
      branches.add(branch("", new HrvitBranch(i, in.get(i), configs.get(i), own)));
    }
  }

  @Override
  protected NDList forward(Pass pass, NDList maps) {
    NDList outputs = new NDList();
    for (int i = 0; i < maps.size(); i++) {
      outputs.add(pass.through(branches.get(i), maps.get(i)));
    }
    return outputs;
  }
}
