package org.segtrain.backbones.hrformer;

import java.util.List;
import java.util.stream.IntStream;
import org.segtrain.backbones.Backbone;
import org.segtrain.backbones.BackboneConfig;
import org.segtrain.errors.UsageException;

/**
 * The architecture of one HRFormer. HRFormer (arXiv:2110.09408), section 3.
 *
 * @param branches of the last stage, finest first; stage s has the first s of them
 * @param modules of each stage from the second, which is the first of transformers
 * @param depth layers of a branch in a module
 * @param mlpRatio hidden channels of the feed-forward network, as a multiple of {@code dim}
 * @param window side of the windows inside which tokens see each other, pixels of the map
 */
public record HrformerConfig(
    List<Branch> branches, List<Integer> modules, int depth, int mlpRatio, int window)
    implements BackboneConfig {

  public static final HrformerConfig TINY = of(18, 1, 3);
  public static final HrformerConfig SMALL = of(32, 1, 4);
  public static final HrformerConfig BASE = of(78, 2, 4);

  /**
   * One resolution.
   *
   * @param dim channels, C
   * @param heads attention heads, h; divides {@code dim}
   */
  public record Branch(int dim, int heads) {
    public Branch {
      if (dim % heads != 0) {
        throw new UsageException(
            "heads must divide dim, but dim = %d and heads = %d".formatted(dim, heads));
      }
    }
  }

  public HrformerConfig {
    branches = List.copyOf(branches);
    modules = List.copyOf(modules);
    if (modules.size() != branches.size() - 1) {
      throw new UsageException(
          "every branch but the first begins a stage, but there are %d branches and %d stages"
              .formatted(branches.size(), modules.size()));
    }
  }

  /** The same with windows of another side; the paper also has 13 and 15. */
  public HrformerConfig withWindow(int side) {
    return new HrformerConfig(branches, modules, depth, mlpRatio, side);
  }

  @Override
  public Backbone build(float dropPath) {
    return new Hrformer(this, dropPath);
  }

  /** The number of layers that a pixel passes one after the other, in all stages. */
  int layers() {
    return depth * modules.stream().mapToInt(Integer::intValue).sum();
  }

  /** Four branches, the channels and heads doubling from one to the next. */
  private static HrformerConfig of(int dim, int heads, int modulesOfStage3) {
    List<Branch> branches =
        IntStream.range(0, 4).mapToObj(i -> new Branch(dim << i, heads << i)).toList();
    return new HrformerConfig(branches, List.of(1, modulesOfStage3, 2), 2, 4, 7);
  }
}
