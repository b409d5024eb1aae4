package org.segtrain.cli.options;

import java.util.function.BooleanSupplier;
import org.segtrain.config.Overlay;
import org.segtrain.config.TrainConfig;
import org.segtrain.optim.RateDecay;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The numbers of a training; those not given come from a configuration to start from. */
@Command(optionListHeading = "%nHyper-parameters; defaults depend on the recipe or data set:%n")
public final class NumberOptions {

  private static final String PIXELS = "a term of --loss that is a sum over pixels, such as ce";

  @Option(
      names = "--iterations",
      paramLabel = "N",
      description = "Optimiser steps (${bundle:schedule.iterations}).")
  private Integer iterations;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Images of a forward pass (${bundle:schedule.batch}).")
  private Integer batch;

  @Option(
      names = "--accumulate",
      paramLabel = "N",
      description =
          "Forward passes whose gradients accumulate for an optimiser step"
              + " (${bundle:schedule.accumulate}; with --recipe up to the published number of images).")
  private Integer accumulate;

  @Option(
      names = "--rare-classes",
      paramLabel = "TEMPERATURE",
      description =
          "Draw training images with rare classes more often, as DAFormer does, whose temperature is"
              + " 0.01; 0 draws each once an epoch (${bundle:data.rareClasses}).")
  private Double rareClasses;

  @Option(
      names = "--lr",
      paramLabel = "RATE",
      description = "Highest learning rate (${bundle:optimizer.learningRate}).")
  private Double learningRate;

  @Option(
      names = "--weight-decay",
      paramLabel = "RATE",
      description =
          "Weight decay, of matrices only unless the recipe says otherwise"
              + " (${bundle:optimizer.weightDecay}).")
  private Double weightDecay;

  @Option(
      names = "--warmup",
      paramLabel = "N",
      description = "Steps of linear warm-up of the learning rate (${bundle:schedule.warmup}).")
  private Integer warmup;

  @Option(
      names = "--power",
      paramLabel = "POWER",
      description =
          "Power of the polynomial decay of the learning rate (${bundle:schedule.power}).")
  private Double power;

  @Option(
      names = "--clip",
      paramLabel = "NORM",
      description =
          "Highest norm of the gradient; Infinity clips nothing (${bundle:optimizer.clip}).")
  private Double clip;

  @Option(
      names = "--drop-path",
      paramLabel = "RATE",
      description =
          "Rate of stochastic depth in the last layer, 0-1 (that of the backbone's paper; shapes 0).")
  private Float dropPath;

  @Option(
      names = "--dropout",
      paramLabel = "RATE",
      description =
          "Share of channels dropped before the classifier, 0-1 (that of the head's paper; shapes 0).")
  private Float dropout;

  @Option(
      names = "--class-balance",
      paramLabel = "POWER",
      description =
          "Weight rare classes up, 0-1: 0 for not at all; at 1 all classes count the same"
              + " (${bundle:loss.classBalance}).")
  private Double classBalance;

  @Option(
      names = "--label-smoothing",
      paramLabel = "SHARE",
      description =
          "Share of the target spread over all classes, 0-1 (${bundle:loss.labelSmoothing}).")
  private Double labelSmoothing;

  @Option(
      names = "--loss-mean",
      paramLabel = "valid|all",
      completionCandidates = NameLists.LossMeans.class,
      description =
          "Average the loss over valid pixels or all (void ones add 0, as in MMSegmentation)"
              + " (${bundle:loss.mean}).")
  private String lossMean;

  @Option(
      names = "--precision",
      paramLabel = "fp32|tf32|bf16",
      completionCandidates = NameLists.Precisions.class,
      description =
          "Arithmetic of activations; tf32 on a GPU only (bf16 if the processor has instructions for it, else fp32;"
              + " with --recipe as published, fp32).")
  private String precision;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of weights, order, augmentation and dropout (${bundle:run.seed}).")
  private Long seed;

  @Option(
      names = "--eval-every",
      paramLabel = "N",
      description = "Steps between evaluations (${bundle:schedule.evalEvery}).")
  private Integer evalEvery;

  /**
   * Refuses what has no effect on a run.
   *
   * @param hasAuxiliary whether the model gives auxiliary scores
   * @throws org.segtrain.errors.UsageException naming the option, and the one that it needs
   */
  void refuseIdle(TrainConfig config, BooleanSupplier hasAuxiliary) {
    RateDecay decay = config.schedule().decay();
    Idle.refuse("--power", power, "--schedule poly", () -> decay == RateDecay.POLY);
    BooleanSupplier sums = () -> config.loss().sumsPixels(hasAuxiliary.getAsBoolean());
    Idle.refuse("--class-balance", classBalance, PIXELS, sums);
    Idle.refuse("--loss-mean", lossMean, PIXELS, sums);
  }

  /** The given values. */
  public Overlay overlay() {
    return new GivenValues()
        .set("schedule.iterations", iterations)
        .set("schedule.batch", batch)
        .set("schedule.accumulate", accumulate)
        .set("data.rareClasses", rareClasses)
        .set("optimizer.learningRate", learningRate)
        .set("optimizer.weightDecay", weightDecay)
        .set("schedule.warmup", warmup)
        .set("schedule.power", power)
        .set("optimizer.clip", clip)
        .set("model.dropPath", dropPath)
        .set("model.dropout", dropout)
        .set("loss.classBalance", classBalance)
        .set("loss.labelSmoothing", labelSmoothing)
        .set("loss.mean", lossMean)
        .set("run.precision", precision)
        .set("run.seed", seed)
        .set("schedule.evalEvery", evalEvery)
        .overlay();
  }
}
