package org.segtrain.cli.options;

import org.segtrain.config.Overlay;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The numbers of a training; those not given come from a configuration to start from. */
@Command(optionListHeading = "%nNumbers; each recipe and each data set has its own:%n")
public final class NumberOptions {

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
          "Forward passes of an optimiser step (${bundle:schedule.accumulate}; with --recipe as many as make"
              + " the published step of --batch).")
  private Integer accumulate;

  @Option(
      names = "--crop",
      paramLabel = "PIXELS",
      description = "Side of the training crops (${bundle:data.crop}).")
  private Integer crop;

  @Option(
      names = "--min-scale",
      paramLabel = "FACTOR",
      description = "Smallest random scale of training images (${bundle:data.minScale}).")
  private Double minScale;

  @Option(
      names = "--max-scale",
      paramLabel = "FACTOR",
      description = "Largest random scale of training images (${bundle:data.maxScale}).")
  private Double maxScale;

  @Option(
      names = "--photometric",
      negatable = true,
      description = "Change the colours of training images at random (${bundle:data.photometric}).")
  private Boolean photometric;

  @Option(
      names = "--images",
      paramLabel = "aligned|exact|hrformer",
      completionCandidates = NameLists.Images.class,
      description =
          "How photographs are prepared: as MMSegmentation does, with edges in evaluation rounded up"
              + " to multiples of 32 or exact, or as HRFormer does (${bundle:data.images}).")
  private String images;

  @Option(
      names = "--lr",
      paramLabel = "RATE",
      description = "Highest learning rate (${bundle:optimizer.learningRate}).")
  private Double learningRate;

  @Option(
      names = "--weight-decay",
      paramLabel = "RATE",
      description =
          "Weight decay, of matrices but for some recipes (${bundle:optimizer.weightDecay}).")
  private Double weightDecay;

  @Option(
      names = "--warmup",
      paramLabel = "N",
      description = "Steps over which the learning rate rises (${bundle:schedule.warmup}).")
  private Integer warmup;

  @Option(
      names = "--power",
      paramLabel = "POWER",
      description = "Of the polynomial decay of the learning rate (${bundle:schedule.power}).")
  private Double power;

  @Option(
      names = "--clip",
      paramLabel = "NORM",
      description = "Highest norm of the gradient, Infinity for any (${bundle:optimizer.clip}).")
  private Double clip;

  @Option(
      names = "--drop-path",
      paramLabel = "RATE",
      description =
          "Stochastic depth in the last layer, 0-1 (what the backbone's paper has; shapes 0).")
  private Float dropPath;

  @Option(
      names = "--dropout",
      paramLabel = "RATE",
      description =
          "Channels dropped before the classifier, 0-1 (what the head's paper has; shapes 0).")
  private Float dropout;

  @Option(
      names = "--class-balance",
      paramLabel = "POWER",
      description =
          "Weight rare classes up, 0-1: 1 until all count alike (${bundle:loss.classBalance}).")
  private Double classBalance;

  @Option(
      names = "--label-smoothing",
      paramLabel = "SHARE",
      description =
          "Share of the target that is spread over all classes, 0-1 (${bundle:loss.labelSmoothing}).")
  private Double labelSmoothing;

  @Option(
      names = "--loss-mean",
      paramLabel = "valid|all|hard",
      completionCandidates = NameLists.LossMeans.class,
      description =
          "Pixels the loss is the mean over: valid ones, all (void adding 0, as MMSegmentation) or"
              + " hard ones (OHEM, as HRFormer) (${bundle:loss.mean}).")
  private String lossMean;

  @Option(
      names = "--precision",
      paramLabel = "fp32|bf16",
      completionCandidates = NameLists.Precisions.class,
      description =
          "Arithmetic of activations (bf16 if the processor has instructions for it, else fp32;"
              + " with --recipe as published, fp32).")
  private String precision;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Of weights, order, augmentation, dropout (${bundle:run.seed}).")
  private Long seed;

  @Option(
      names = "--eval-every",
      paramLabel = "N",
      description = "Steps between evaluations (${bundle:schedule.evalEvery}).")
  private Integer evalEvery;

  /** What was given. */
  public Overlay overlay() {
    return new GivenValues()
        .set("schedule.iterations", iterations)
        .set("schedule.batch", batch)
        .set("schedule.accumulate", accumulate)
        .set("data.crop", crop)
        .set("data.minScale", minScale)
        .set("data.maxScale", maxScale)
        .set("data.photometric", photometric)
        .set("data.images", images)
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
