package org.segtrain.backbones.shunted;

import java.util.List;
import org.segtrain.backbones.Backbone;
import org.segtrain.backbones.BackboneConfig;
import org.segtrain.errors.UsageException;

/**
 * The architecture of one Shunted Transformer, finest stage first. Shunted Transformer
 * (arXiv:2111.15193), table 1.
 *
 * @param stemConvolutions convolutions of the stem that keep height and width
 * @param stages what each stage is made of
 */
public record ShuntedConfig(int stemConvolutions, List<Stage> stages) implements BackboneConfig {

  public static final ShuntedConfig TINY = ofDepths(0, 1, 2, 4, 1);
  public static final ShuntedConfig SMALL = ofDepths(1, 2, 4, 12, 1);
  public static final ShuntedConfig BASE = ofDepths(2, 3, 4, 24, 2);

  /**
   * One stage.
   *
   * @param dim channels, C
   * @param heads attention heads, h; divides {@code dim}
   * @param mlpRatio hidden channels of the feed-forward network, as a multiple of {@code dim}
   * @param reduction how much smaller the keys and values of the first half of the heads are on
   *     each side, R; R/2 for the second half. R and the heads are even, unless R is 1
   * @param depth transformer layers
   */
  public record Stage(int dim, int heads, int mlpRatio, int reduction, int depth) {
    public Stage {
      if (dim % heads != 0) {
        throw new UsageException(
            "heads must divide dim, but dim = %d and heads = %d".formatted(dim, heads));
      }
      if (reduction != 1 && (reduction % 2 != 0 || heads % 2 != 0)) {
        throw new UsageException(
            "reduction and heads must be even unless reduction is 1, but reduction = %d and heads = %d"
                .formatted(reduction, heads));
      }
    }
  }

  public ShuntedConfig {
    stages = List.copyOf(stages);
  }

  @Override
  public Backbone build(float dropPath) {
    return new Shunted(this, dropPath);
  }

  /** The number of transformer layers of all stages. */
  int depth() {
    return stages.stream().mapToInt(Stage::depth).sum();
  }

  private static ShuntedConfig ofDepths(
      int stemConvolutions, int first, int second, int third, int fourth) {
    return new ShuntedConfig(
        stemConvolutions,
        List.of(
            new Stage(64, 2, 8, 8, first),
            new Stage(128, 4, 8, 4, second),
            new Stage(256, 8, 4, 2, third),
            new Stage(512, 16, 4, 1, fourth)));
  }
}
