package org.segtrain.backbones.mpvit;

import java.util.List;
import java.util.stream.IntStream;
import org.segtrain.backbones.Backbone;
import org.segtrain.backbones.BackboneConfig;
import org.segtrain.errors.UsageException;

/**
 * The architecture of one MPViT, finest stage first. MPViT (arXiv:2112.11010), table 1.
 *
 * @param stages what each stage is made of
 */
public record MpvitConfig(List<Stage> stages) implements BackboneConfig {

  /** The heads of every layer, by the kernels that encode their relative positions. */
  static final List<HeadGroup> HEAD_GROUPS =
      List.of(new HeadGroup(2, 3), new HeadGroup(3, 5), new HeadGroup(3, 7));

  static final int HEADS = HEAD_GROUPS.stream().mapToInt(HeadGroup::heads).sum();

  public static final MpvitConfig TINY =
      new MpvitConfig(
          List.of(
              new Stage(64, 2, 2, 1),
              new Stage(96, 2, 3, 2),
              new Stage(176, 2, 3, 4),
              new Stage(216, 2, 3, 1)));

  public static final MpvitConfig XSMALL =
      new MpvitConfig(
          List.of(
              new Stage(64, 4, 2, 1),
              new Stage(128, 4, 3, 2),
              new Stage(192, 4, 3, 4),
              new Stage(256, 4, 3, 1)));

  public static final MpvitConfig SMALL =
      new MpvitConfig(
          List.of(
              new Stage(64, 4, 2, 1),
              new Stage(128, 4, 3, 3),
              new Stage(216, 4, 3, 6),
              new Stage(288, 4, 3, 3)));

  public static final MpvitConfig BASE =
      new MpvitConfig(
          List.of(
              new Stage(128, 4, 2, 1),
              new Stage(224, 4, 3, 3),
              new Stage(368, 4, 3, 8),
              new Stage(480, 4, 3, 3)));

  /**
   * Heads whose relative positions are encoded alike.
   *
   * @param heads how many
   * @param kernel side of the depth-wise kernels, pixels; odd
   */
  record HeadGroup(int heads, int kernel) {}

  /**
   * One stage.
   *
   * @param dim channels of its paths, C; a multiple of the number of heads
   * @param mlpRatio hidden channels of the feed-forward network, as a multiple of {@code dim}
   * @param paths encoders side by side, each of which sees larger patches than the one before
   * @param depth transformer layers of each path
   */
  public record Stage(int dim, int mlpRatio, int paths, int depth) {
    public Stage {
      if (dim % HEADS != 0) {
        throw new UsageException(
            "dim must be a multiple of the %d heads, but is %d".formatted(HEADS, dim));
      }
    }
  }

  public MpvitConfig {
    stages = List.copyOf(stages);
  }

  @Override
  public Backbone build(float dropPath) {
    return new Mpvit(this, dropPath);
  }

  /** The number of transformer layers of a way through all stages. */
  int depth() {
    return stages.stream().mapToInt(Stage::depth).sum();
  }

  /** The channels of the maps: a stage gives as many as the next one reads. */
  List<Integer> channels() {
    int last = stages.size() - 1;
    return IntStream.rangeClosed(0, last)
        .mapToObj(i -> stages.get(Math.min(i + 1, last)).dim())
        .toList();
  }
}
