package org.segtrain.recipes;

import java.util.ArrayList;
import java.util.List;
import org.segtrain.augment.ImageRules;
import org.segtrain.config.Overlay;
import org.segtrain.config.Precision;
import org.segtrain.config.internal.Defaults;
import org.segtrain.loss.LossMean;
import org.segtrain.metrics.Averaging;
import org.segtrain.optim.ParameterGroups;
import org.segtrain.optim.ParameterGroups.Decay;
import org.segtrain.optim.ParameterGroups.Rule;

/**
 * The training of all models of a family on ADE20K by their authors, with AdamW. It follows their
 * configurations, which sometimes differ from their papers.
 *
 * @param code the repository and its commit
 * @param stepImages images of an optimiser step, over all devices
 * @param deviceImages images of a step on one device
 * @param values of the configuration
 * @param differences of a run of this build from theirs, sentences
 */
public record Protocol(
    String code, int stepImages, int deviceImages, Overlay values, List<String> differences) {

  private static final ParameterGroups ALL_DECAY = new ParameterGroups(Decay.EVERYTHING, List.of());

  /** The longest first, since MMCV lets the longest key that a name contains decide. */
  private static final List<Rule> NO_DECAY =
      List.of(
          new Rule("relative_position_bias_table", 1, 0),
          new Rule("absolute_pos_embed", 1, 0),
          new Rule("norm", 1, 0));

  private static final String NEW_WEIGHTS =
      "the authors start from ImageNet weights, a run only with weights.file";
  private static final String OWN_STATISTICS =
      "the authors' batch norms see all images of a step, a run's those of one forward pass";

  /** Values that all of them have. */
  private static final Overlay ADE20K =
      Overlay.of("recipe")
          .with("data.dataset", "ade20k")
          .with("data.crop", 512)
          .with("data.scale", "")
          .with("data.minScale", 0.5)
          .with("data.maxScale", 2)
          .with("data.photometric", true)
          .with("data.images", ImageRules.ALIGNED)
          .with("data.rareClasses", 0)
          .with(Defaults.NO_MORE_AUGMENTATION)
          .with(Defaults.USUAL_EVALUATION)
          .with("optimizer.clip", Double.POSITIVE_INFINITY)
          .with(Defaults.USUAL_LEARNING)
          .with("loss.classBalance", 0)
          .with("loss.labelSmoothing", 0)
          .with("run.precision", Precision.FP32);

  static final Protocol PVT =
      new Protocol(
          "https://github.com/whai362/PVT (57e2dfa)",
          32,
          4,
          ADE20K
              .with("schedule.iterations", 40_000)
              .with("schedule.warmup", 0)
              .with("schedule.power", 0.9)
              .with("optimizer.learningRate", 2e-4)
              .with("optimizer.weightDecay", 1e-4)
              .with("optimizer.groups", ALL_DECAY)
              .with("loss.mean", LossMean.ALL),
          List.of(NEW_WEIGHTS, OWN_STATISTICS));

  /** Values that MPViT and HRViT have from MMSegmentation's Swin. */
  private static final Overlay SWIN =
      ADE20K
          .with("schedule.iterations", 160_000)
          .with("schedule.warmup", 1500)
          .with("schedule.power", 1)
          .with("optimizer.learningRate", 6e-5)
          .with("optimizer.weightDecay", 0.01)
          .with("loss.mean", LossMean.ALL);

  static final Protocol MPVIT =
      new Protocol(
          "https://github.com/youngwanLEE/MPViT (e2d86e6)",
          16,
          2,
          SWIN.with("optimizer.groups", ALL_DECAY).with("data.images", ImageRules.EXACT),
          List.of(NEW_WEIGHTS, OWN_STATISTICS));

  static final Protocol HRVIT = hrvit(withHeads(10));

  /** Of b3 with SegFormer, whose head learns as fast as its backbone. */
  static final Protocol HRVIT_EVEN = hrvit(withHeads(1));

  static final Protocol HRFORMER =
      new Protocol(
          "https://github.com/HRNet/HRFormer (1245b88)",
          16,
          2,
          ADE20K
              .with("data.crop", 520)
              .with("data.images", ImageRules.OPENSEG)
              .with("evaluation.average", Averaging.LOGITS)
              .with("schedule.iterations", 150_000)
              .with("schedule.warmup", 1500)
              .with("schedule.power", 0.9)
              .with("optimizer.learningRate", 1e-4)
              .with("optimizer.weightDecay", 0.01)
              .with("optimizer.groups", ParameterGroups.STANDARD)
              .with("loss.terms", "ohem(probability=0.9,kept=100000)")
              .with("loss.auxiliary", "ce")
              .with("loss.mean", LossMean.VALID),
          List.of(
              NEW_WEIGHTS,
              OWN_STATISTICS,
              "their README has 8 images a step, their configuration 16, and so this recipe",
              "their README tests photographs at their own size, their scripts with a short edge of"
                  + " at least 520, and so this recipe"));

  public Protocol {
    differences = List.copyOf(differences);
  }

  private static Protocol hrvit(ParameterGroups groups) {
    return new Protocol(
        "https://github.com/facebookresearch/HRViT (6a63b5b)",
        16,
        2,
        SWIN.with("optimizer.groups", groups),
        List.of(
            NEW_WEIGHTS,
            OWN_STATISTICS,
            "their file with the images is not in their repository: it is taken to be"
                + " MMSegmentation's, but with edges in evaluation rounded up to multiples of 32,"
                + " without which their code fails"));
  }

  private static ParameterGroups withHeads(double learningRate) {
    List<Rule> rules = new ArrayList<>(NO_DECAY);
    if (learningRate != 1) {
      rules.add(rules.size() - 1, new Rule("head", learningRate, 1)); // as long as norm, but before
    }
    return new ParameterGroups(Decay.EVERYTHING, rules);
  }
}
