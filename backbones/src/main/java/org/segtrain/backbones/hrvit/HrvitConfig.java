package org.segtrain.backbones.hrvit;

import java.util.Collections;
import java.util.List;
import org.segtrain.backbones.Backbone;
import org.segtrain.backbones.BackboneConfig;
import org.segtrain.errors.UsageException;

/**
 * The architecture of one HRViT. HRViT (arXiv:2111.01236), table 1.
 *
 * @param branches the architecture of each resolution, finest first
 * @param stages the number of layers of each branch, finest first, for each stage; a stage has the
 *     branches of the one before and at most one more
 */
public record HrvitConfig(List<Branch> branches, List<List<Integer>> stages)
    implements BackboneConfig {

  public static final HrvitConfig B1 =
      new HrvitConfig(
          List.of(
              new Branch(32, 16, 1, 4),
              new Branch(64, 32, 2, 4),
              new Branch(128, 32, 7, 4),
              new Branch(256, 32, 7, 4)),
          stages(List.of(1, 1, 6, 2), List.of(1, 1, 2, 2)));

  public static final HrvitConfig B2 =
      new HrvitConfig(
          List.of(
              new Branch(48, 24, 1, 2),
              new Branch(96, 24, 2, 3),
              new Branch(240, 24, 7, 3),
              new Branch(384, 24, 7, 3)),
          stages(List.of(1, 1, 6, 2), List.of(1, 1, 6, 2)));

  public static final HrvitConfig B3 =
      new HrvitConfig(
          List.of(
              new Branch(64, 32, 1, 2),
              new Branch(128, 32, 2, 2),
              new Branch(256, 32, 7, 2),
              new Branch(512, 32, 7, 2)),
          stages(List.of(1, 1, 6, 3), List.of(1, 1, 6, 3)));

  /**
   * One resolution.
   *
   * @param dim channels, C
   * @param headDim channels of an attention head, d; divides C/2, since half of the channels looks
   *     in each direction
   * @param window rows, or columns, of a strip within which tokens attend, pixels of the map
   * @param mlpRatio hidden channels of the feed-forward network, as a multiple of {@code dim}
   */
  public record Branch(int dim, int headDim, int window, int mlpRatio) {
    public Branch {
      if (dim % (2 * headDim) != 0) {
        throw new UsageException(
            "head dim must divide half of dim, but dim = %d and head dim = %d"
                .formatted(dim, headDim));
      }
    }
  }

  public HrvitConfig {
    branches = List.copyOf(branches);
    stages = stages.stream().map(List::copyOf).toList();
    int known = 0;
    for (List<Integer> stage : stages) {
      if (stage.size() < known || stage.size() > known + 1) {
        throw new UsageException(
            "a stage keeps its branches and adds at most one, but %d follow %d"
                .formatted(stage.size(), known));
      }
      known = stage.size();
    }
    if (known != branches.size()) {
      throw new UsageException(
          "the last stage must have all %d branches, but has %d".formatted(branches.size(), known));
    }
  }

  @Override
  public Backbone build(float dropPath) {
    return new Hrvit(this, dropPath);
  }

  /** The channels of each branch. */
  List<Integer> dims() {
    return branches.stream().map(Branch::dim).toList();
  }

  /** The number of transformer layers of the deepest branches of all stages. */
  int depth() {
    return stages.stream().mapToInt(Collections::max).sum();
  }

  /** The stages, whose first four all variants share. */
  private static List<List<Integer>> stages(List<Integer> fifth, List<Integer> sixth) {
    return List.of(List.of(1), List.of(1, 1), List.of(1, 1, 6), List.of(1, 1, 6), fifth, sixth);
  }
}
