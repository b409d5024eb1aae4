package org.segtrain.cli;

import org.segtrain.augment.ImageRules;
import org.segtrain.config.Precision;
import org.segtrain.config.TrainConfig;
import org.segtrain.loss.LossMean;
import org.segtrain.names.Choice;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The numbers of a training; those not given come from a configuration to start from. */
@Command(optionListHeading = "%nNumbers; each recipe and each data set has its own:%n")
final class RecipeOptions {

  @Option(
      names = "--iterations",
      paramLabel = "N",
      description = "Optimiser steps (${bundle:iterations}).")
  private Integer iterations;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Images of a forward pass (${bundle:batch}).")
  private Integer batch;

  @Option(
      names = "--accumulate",
      paramLabel = "N",
      description =
          "Forward passes of an optimiser step (${bundle:accumulate}; with --recipe as many as make"
              + " the published step of --batch).")
  private Integer accumulate;

  @Option(
      names = "--crop",
      paramLabel = "PIXELS",
      description = "Side of the training crops (${bundle:crop}).")
  private Integer crop;

  @Option(
      names = "--min-scale",
      paramLabel = "FACTOR",
      description = "Smallest random scale of training images (${bundle:min-scale}).")
  private Double minScale;

  @Option(
      names = "--max-scale",
      paramLabel = "FACTOR",
      description = "Largest random scale of training images (${bundle:max-scale}).")
  private Double maxScale;

  @Option(
      names = "--photometric",
      negatable = true,
      description = "Change the colours of training images at random (${bundle:photometric}).")
  private Boolean photometric;

  @Option(
      names = "--images",
      paramLabel = "aligned|exact|hrformer",
      completionCandidates = Candidates.Images.class,
      description =
          "How photographs are prepared: as MMSegmentation does, with edges in evaluation rounded up"
              + " to multiples of 32 or exact, or as HRFormer does (${bundle:images}).")
  private String images;

  @Option(
      names = "--lr",
      paramLabel = "RATE",
      description = "Highest learning rate (${bundle:lr}).")
  private Double learningRate;

  @Option(
      names = "--weight-decay",
      paramLabel = "RATE",
      description = "Weight decay, of matrices but for some recipes (${bundle:weight-decay}).")
  private Double weightDecay;

  @Option(
      names = "--warmup",
      paramLabel = "N",
      description = "Steps over which the learning rate rises (${bundle:warmup}).")
  private Integer warmup;

  @Option(
      names = "--power",
      paramLabel = "POWER",
      description = "Of the polynomial decay of the learning rate (${bundle:power}).")
  private Double power;

  @Option(
      names = "--clip",
      paramLabel = "NORM",
      description = "Highest norm of the gradient, Infinity for any (${bundle:clip}).")
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
          "Weight rare classes up, 0-1: 1 until all count alike (${bundle:class-balance}).")
  private Double classBalance;

  @Option(
      names = "--loss-mean",
      paramLabel = "valid|all|hard",
      completionCandidates = Candidates.LossMeans.class,
      description =
          "Pixels the loss is the mean over: valid ones, all (void adding 0, as MMSegmentation) or"
              + " hard ones (OHEM, as HRFormer) (${bundle:loss-mean}).")
  private String lossMean;

  @Option(
      names = "--precision",
      paramLabel = "fp32|bf16",
      completionCandidates = Candidates.Precisions.class,
      description =
          "Arithmetic of activations (bf16 if the processor has instructions for it, else fp32).")
  private String precision;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Of weights, order, augmentation, dropout (${bundle:seed}).")
  private Long seed;

  @Option(
      names = "--eval-every",
      paramLabel = "N",
      description = "Steps between evaluations (${bundle:eval-every}).")
  private Integer evalEvery;

  /** The given images of a forward pass, or null. */
  Integer batch() {
    return batch;
  }

  /** {@code base} for another model and data, with the values that were given for its own. */
  TrainConfig over(TrainConfig base, String backbone, String head, String dataset, String data) {
    return new TrainConfig(
        backbone,
        head,
        dataset,
        data,
        or(iterations, base.iterations()),
        or(batch, base.batch()),
        or(accumulate, base.accumulate()),
        or(crop, base.crop()),
        or(minScale, base.minScale()),
        or(maxScale, base.maxScale()),
        or(photometric, base.photometric()),
        images == null ? base.images() : ImageRules.of(images),
        or(learningRate, base.learningRate()),
        or(warmup, base.warmup()),
        or(power, base.power()),
        or(weightDecay, base.weightDecay()),
        or(clip, base.clip()),
        or(dropPath, base.dropPath()),
        or(dropout, base.dropout()),
        or(classBalance, base.classBalance()),
        lossMean == null ? base.lossMean() : LossMean.of(lossMean),
        precision == null
            ? base.precision()
            : Choice.of("precision", Precision.values(), precision),
        or(seed, base.seed()),
        or(evalEvery, base.evalEvery()),
        base.groups(),
        base.fineTuning(),
        base.weights());
  }

  private static <T> T or(T given, T otherwise) {
    return given == null ? otherwise : given;
  }
}
