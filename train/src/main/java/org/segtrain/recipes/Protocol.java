package org.segtrain.recipes;

import java.util.ArrayList;
import java.util.List;
import org.segtrain.augment.ImageRules;
import org.segtrain.loss.LossMean;
import org.segtrain.optim.ParameterGroups;
import org.segtrain.optim.ParameterGroups.Decay;
import org.segtrain.optim.ParameterGroups.Rule;

/**
 * How the authors of a family train all their models on ADE20K, with AdamW. As their configurations
 * have it, which is not always as their papers do.
 *
 * @param code the repository and its commit
 * @param iterations optimiser steps
 * @param stepImages images of an optimiser step, over all devices
 * @param deviceImages images of a step on one device
 * @param crop side of the training crops, and short edge in evaluation, pixels
 * @param learningRate highest learning rate
 * @param warmup steps over which the learning rate rises linearly
 * @param power of the polynomial decay of the learning rate
 * @param weightDecay decoupled weight decay
 * @param groups which parameters learn faster and which do not decay
 * @param lossMean which pixels the loss is the mean over
 * @param images how photographs become what the model reads
 * @param differences in what a run of this build differs from theirs, sentences
 */
public record Protocol(
    String code,
    int iterations,
    int stepImages,
    int deviceImages,
    int crop,
    double learningRate,
    int warmup,
    double power,
    double weightDecay,
    ParameterGroups groups,
    LossMean lossMean,
    ImageRules images,
    List<String> differences) {

  /** Smallest of the random scales of training images. */
  public static final double MIN_SCALE = 0.5;

  /** Largest of the random scales of training images. */
  public static final double MAX_SCALE = 2;

  private static final ParameterGroups ALL_DECAY = new ParameterGroups(Decay.EVERYTHING, List.of());

  /** The longest first, since MMCV lets the longest key that a name contains decide. */
  private static final List<Rule> NO_DECAY =
      List.of(
          new Rule("relative_position_bias_table", 1, 0),
          new Rule("absolute_pos_embed", 1, 0),
          new Rule("norm", 1, 0));

  private static final String NEW_WEIGHTS =
      "they start from a backbone trained on ImageNet, a run only with --weights, and else from new"
          + " weights";
  private static final String OWN_STATISTICS =
      "their batch norms see all images of a step, a run's those of one forward pass";

  static final Protocol PVT =
      new Protocol(
          "https://github.com/whai362/PVT (57e2dfa)",
          40_000,
          32,
          4,
          512,
          2e-4,
          0,
          0.9,
          1e-4,
          ALL_DECAY,
          LossMean.ALL,
          ImageRules.ALIGNED,
          List.of(NEW_WEIGHTS, OWN_STATISTICS));

  static final Protocol MPVIT =
      new Protocol(
          "https://github.com/youngwanLEE/MPViT (e2d86e6)",
          160_000,
          16,
          2,
          512,
          6e-5,
          1500,
          1,
          0.01,
          ALL_DECAY,
          LossMean.ALL,
          ImageRules.EXACT,
          List.of(NEW_WEIGHTS, OWN_STATISTICS));

  static final Protocol HRVIT =
      new Protocol(
          "https://github.com/facebookresearch/HRViT (6a63b5b)",
          160_000,
          16,
          2,
          512,
          6e-5,
          1500,
          1,
          0.01,
          withHeads(10),
          LossMean.ALL,
          ImageRules.ALIGNED,
          List.of(
              NEW_WEIGHTS,
              OWN_STATISTICS,
              "their file with the images is not in their repository: it is taken to be"
                  + " MMSegmentation's, but with edges in evaluation rounded up to multiples of 32,"
                  + " without which their code fails"));

  /** Of b3 with SegFormer, whose head learns as fast as its backbone. */
  static final Protocol HRVIT_EVEN = HRVIT.with(withHeads(1));

  static final Protocol HRFORMER =
      new Protocol(
          "https://github.com/HRNet/HRFormer (1245b88)",
          150_000,
          16,
          2,
          520,
          1e-4,
          1500,
          0.9,
          0.01,
          ParameterGroups.STANDARD,
          LossMean.HARD,
          ImageRules.HRFORMER,
          List.of(
              NEW_WEIGHTS,
              OWN_STATISTICS,
              "their README has 8 images a step, their configuration 16, and so this recipe",
              "their README tests photographs at their own size, their scripts with a short edge of"
                  + " at least 520, and so this recipe"));

  public Protocol {
    differences = List.copyOf(differences);
  }

  private Protocol with(ParameterGroups others) {
    return new Protocol(
        code,
        iterations,
        stepImages,
        deviceImages,
        crop,
        learningRate,
        warmup,
        power,
        weightDecay,
        others,
        lossMean,
        images,
        differences);
  }

  private static ParameterGroups withHeads(double learningRate) {
    List<Rule> rules = new ArrayList<>(NO_DECAY);
    if (learningRate != 1) {
      rules.add(rules.size() - 1, new Rule("head", learningRate, 1)); // as long as norm, but before
    }
    return new ParameterGroups(Decay.EVERYTHING, rules);
  }
}
