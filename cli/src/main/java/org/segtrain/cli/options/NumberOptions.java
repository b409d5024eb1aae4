package org.segtrain.cli.options;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The numbers of a training; those not given come from a configuration to start from. */
@Command(optionListHeading = "%nNumbers; each recipe and each data set has its own:%n")
public final class NumberOptions extends GivenValues {

  @Option(
      names = "--iterations",
      paramLabel = "N",
      description = "Optimiser steps (${bundle:schedule.iterations}).")
  public void iterations(Integer value) {
    set("schedule.iterations", value);
  }

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Images of a forward pass (${bundle:schedule.batch}).")
  public void batch(Integer value) {
    set("schedule.batch", value);
  }

  @Option(
      names = "--accumulate",
      paramLabel = "N",
      description =
          "Forward passes of an optimiser step (${bundle:schedule.accumulate}; with --recipe as many as make"
              + " the published step of --batch).")
  public void accumulate(Integer value) {
    set("schedule.accumulate", value);
  }

  @Option(
      names = "--crop",
      paramLabel = "PIXELS",
      description = "Side of the training crops (${bundle:data.crop}).")
  public void crop(Integer value) {
    set("data.crop", value);
  }

  @Option(
      names = "--min-scale",
      paramLabel = "FACTOR",
      description = "Smallest random scale of training images (${bundle:data.minScale}).")
  public void minScale(Double value) {
    set("data.minScale", value);
  }

  @Option(
      names = "--max-scale",
      paramLabel = "FACTOR",
      description = "Largest random scale of training images (${bundle:data.maxScale}).")
  public void maxScale(Double value) {
    set("data.maxScale", value);
  }

  @Option(
      names = "--photometric",
      negatable = true,
      description = "Change the colours of training images at random (${bundle:data.photometric}).")
  public void photometric(Boolean value) {
    set("data.photometric", value);
  }

  @Option(
      names = "--images",
      paramLabel = "aligned|exact|hrformer",
      completionCandidates = NameLists.Images.class,
      description =
          "How photographs are prepared: as MMSegmentation does, with edges in evaluation rounded up"
              + " to multiples of 32 or exact, or as HRFormer does (${bundle:data.images}).")
  public void images(String value) {
    set("data.images", value);
  }

  @Option(
      names = "--lr",
      paramLabel = "RATE",
      description = "Highest learning rate (${bundle:optimizer.learningRate}).")
  public void learningRate(Double value) {
    set("optimizer.learningRate", value);
  }

  @Option(
      names = "--weight-decay",
      paramLabel = "RATE",
      description =
          "Weight decay, of matrices but for some recipes (${bundle:optimizer.weightDecay}).")
  public void weightDecay(Double value) {
    set("optimizer.weightDecay", value);
  }

  @Option(
      names = "--warmup",
      paramLabel = "N",
      description = "Steps over which the learning rate rises (${bundle:schedule.warmup}).")
  public void warmup(Integer value) {
    set("schedule.warmup", value);
  }

  @Option(
      names = "--power",
      paramLabel = "POWER",
      description = "Of the polynomial decay of the learning rate (${bundle:schedule.power}).")
  public void power(Double value) {
    set("schedule.power", value);
  }

  @Option(
      names = "--clip",
      paramLabel = "NORM",
      description = "Highest norm of the gradient, Infinity for any (${bundle:optimizer.clip}).")
  public void clip(Double value) {
    set("optimizer.clip", value);
  }

  @Option(
      names = "--drop-path",
      paramLabel = "RATE",
      description =
          "Stochastic depth in the last layer, 0-1 (what the backbone's paper has; shapes 0).")
  public void dropPath(Float value) {
    set("model.dropPath", value);
  }

  @Option(
      names = "--dropout",
      paramLabel = "RATE",
      description =
          "Channels dropped before the classifier, 0-1 (what the head's paper has; shapes 0).")
  public void dropout(Float value) {
    set("model.dropout", value);
  }

  @Option(
      names = "--class-balance",
      paramLabel = "POWER",
      description =
          "Weight rare classes up, 0-1: 1 until all count alike (${bundle:loss.classBalance}).")
  public void classBalance(Double value) {
    set("loss.classBalance", value);
  }

  @Option(
      names = "--loss-mean",
      paramLabel = "valid|all|hard",
      completionCandidates = NameLists.LossMeans.class,
      description =
          "Pixels the loss is the mean over: valid ones, all (void adding 0, as MMSegmentation) or"
              + " hard ones (OHEM, as HRFormer) (${bundle:loss.mean}).")
  public void lossMean(String value) {
    set("loss.mean", value);
  }

  @Option(
      names = "--precision",
      paramLabel = "fp32|bf16",
      completionCandidates = NameLists.Precisions.class,
      description =
          "Arithmetic of activations (bf16 if the processor has instructions for it, else fp32;"
              + " with --recipe as published, fp32).")
  public void precision(String value) {
    set("run.precision", value);
  }

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Of weights, order, augmentation, dropout (${bundle:run.seed}).")
  public void seed(Long value) {
    set("run.seed", value);
  }

  @Option(
      names = "--eval-every",
      paramLabel = "N",
      description = "Steps between evaluations (${bundle:schedule.evalEvery}).")
  public void evalEvery(Integer value) {
    set("schedule.evalEvery", value);
  }
}
