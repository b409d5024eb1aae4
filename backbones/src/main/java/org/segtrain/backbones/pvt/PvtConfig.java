package org.segtrain.backbones.pvt;

import java.util.List;
import org.segtrain.backbones.Backbone;
import org.segtrain.backbones.BackboneConfig;
import org.segtrain.errors.UsageException;

/**
 * The architecture of one PVT, finest stage first. PVT (arXiv:2102.12122), table 1.
 *
 * @param stages what each stage is made of
 */
public record PvtConfig(List<Stage> stages) implements BackboneConfig {

  public static final PvtConfig TINY = ofDepths(2, 2, 2, 2);
  public static final PvtConfig SMALL = ofDepths(3, 4, 6, 3);
  public static final PvtConfig MEDIUM = ofDepths(3, 4, 18, 3);
  public static final PvtConfig LARGE = ofDepths(3, 8, 27, 3);

  /**
   * One stage.
   *
   * @param patch side of the patches it embeds, pixels of the map before
   * @param dim channels, C
   * @param heads attention heads, h; divides {@code dim}
   * @param mlpRatio hidden channels of the feed-forward network, as a multiple of {@code dim}
   * @param reduction how much smaller keys and values are on each side, R
   * @param depth transformer layers
   */
  public record Stage(int patch, int dim, int heads, int mlpRatio, int reduction, int depth) {
    public Stage {
      if (dim % heads != 0) {
        throw new UsageException(
            "heads must divide dim, but dim = %d and heads = %d".formatted(dim, heads));
      }
    }
  }

  public PvtConfig {
    stages = List.copyOf(stages);
  }

  @Override
  public Backbone build(float dropPath) {
    return new Pvt(this, dropPath);
  }

  /** The number of transformer layers of all stages. */
  int depth() {
    return stages.stream().mapToInt(Stage::depth).sum();
  }

  private static PvtConfig ofDepths(int first, int second, int third, int fourth) {
    return new PvtConfig(
        List.of(
            new Stage(4, 64, 1, 8, 8, first),
            new Stage(2, 128, 2, 8, 4, second),
            new Stage(2, 320, 5, 4, 2, third),
            new Stage(2, 512, 8, 4, 1, fourth)));
  }
}
