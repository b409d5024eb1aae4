package org.segtrain.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import org.segtrain.augment.ImageRules;
import org.segtrain.heads.HeadVariant;
import org.segtrain.loss.LossMean;
import org.segtrain.optim.FineTuning;
import org.segtrain.optim.LayerDecay;
import org.segtrain.optim.LearningRate;
import org.segtrain.optim.ParameterFactors;
import org.segtrain.optim.ParameterGroups;

/**
 * Everything that decides what a training run computes. Equal configurations give equal weights on
 * the same device with the same number of threads.
 *
 * @param backbone name of a backbone variant
 * @param head name of a head variant
 * @param dataset name of a kind of data set
 * @param data folder of the data, or null for one that needs none
 * @param iterations optimiser steps
 * @param batch images of one forward pass
 * @param accumulate forward passes of one optimiser step
 * @param crop side of the training crops, pixels
 * @param minScale smallest factor by which training images are resized, relative to a short edge of
 *     {@code crop}; with the rules of HRFormer to their own size
 * @param maxScale largest factor
 * @param photometric whether colours change at random
 * @param images how photographs become what the model reads
 * @param learningRate highest learning rate
 * @param warmup steps over which the learning rate rises linearly
 * @param power of the polynomial decay of the learning rate
 * @param weightDecay decoupled weight decay
 * @param clip highest global norm of the gradient; infinite for any
 * @param dropPath rate of stochastic depth in the last layer, 0-1
 * @param dropout share of channels dropped before the classifier, 0-1
 * @param classBalance how far the loss weights rare classes up: 0 not, 1 until all count the same
 * @param lossMean which pixels the loss is the mean over
 * @param precision of activations
 * @param seed of initial weights, order of the data, augmentation and dropout
 * @param evalEvery steps between evaluations
 * @param groups which parameters learn faster and which do not decay
 * @param fineTuning what does not learn, how rates fall with depth, and whether weights are
 *     averaged
 * @param weights what training starts from; null for new weights
 */
public record TrainConfig(
    String backbone,
    String head,
    String dataset,
    String data,
    int iterations,
    int batch,
    int accumulate,
    int crop,
    double minScale,
    double maxScale,
    boolean photometric,
    ImageRules images,
    double learningRate,
    int warmup,
    double power,
    double weightDecay,
    double clip,
    float dropPath,
    float dropout,
    double classBalance,
    LossMean lossMean,
    Precision precision,
    long seed,
    int evalEvery,
    ParameterGroups groups,
    FineTuning fineTuning,
    WeightsSource weights) {

  /** What those lack that were written before there was a choice. */
  private static final String ADDED_SINCE =
      """
      {"images": "aligned", "power": 0.9, "lossMean": "valid", "groups": {"decay": "matrices"},
       "fineTuning": {"freeze": [], "layerDecay": 1, "ema": 0}, "weights": null}
      """;

  public TrainConfig {
    atLeast("iterations", iterations, 1);
    atLeast("batch", batch, 1);
    atLeast("accumulate", accumulate, 1);
    atLeast("crop", crop, 32);
    if (batch == 1 && crop < 64) {
      throw new IllegalArgumentException(
          "crop must be at least 64 with batch 1, since batch normalisation needs two values, but"
              + " is "
              + crop);
    }
    if (batch < HeadVariant.of(head).smallestBatch()) {
      throw new IllegalArgumentException(
          "batch must be at least %d with %s, since batch normalisation needs two values of what it"
                  .formatted(HeadVariant.of(head).smallestBatch(), head)
              + " pools, but is "
              + batch);
    }
    atLeast("warmup", warmup, 0);
    atLeast("eval-every", evalEvery, 1);
    positive("min-scale", minScale);
    if (!(maxScale >= minScale)) {
      throw new IllegalArgumentException(
          "max-scale must be at least min-scale, but they are %s and %s"
              .formatted(maxScale, minScale));
    }
    positive("lr", learningRate);
    positive("power", power);
    positive("clip", clip);
    share("drop-path", dropPath);
    share("dropout", dropout);
    if (!(classBalance >= 0 && classBalance <= 1)) {
      throw new IllegalArgumentException(
          "class-balance must be from 0 to 1, but is " + classBalance);
    }
    if (!(weightDecay >= 0)) {
      throw new IllegalArgumentException(
          "weight-decay must not be negative, but is " + weightDecay);
    }
  }

  /**
   * Reads JSON, of this version or an earlier one.
   *
   * @throws JsonProcessingException if it is none, or has too little or too much
   */
  public static TrainConfig read(String json) throws JsonProcessingException {
    return Json.readOver(ADDED_SINCE, json, TrainConfig.class);
  }

  /** The same, started from {@code source}; null for new weights. */
  public TrainConfig withWeights(WeightsSource source) {
    return with(crop, images, precision, groups, fineTuning, source);
  }

  /** The same, for photographs that are prepared and computed with otherwise. */
  public TrainConfig reading(ImageRules rules, int size, Precision arithmetic) {
    return with(size, rules, arithmetic, groups, fineTuning, weights);
  }

  /** With other groups and another fine-tuning. */
  public TrainConfig with(ParameterGroups otherGroups, FineTuning otherTuning) {
    return with(crop, images, precision, otherGroups, otherTuning, weights);
  }

  private TrainConfig with(
      int size,
      ImageRules rules,
      Precision arithmetic,
      ParameterGroups otherGroups,
      FineTuning otherTuning,
      WeightsSource source) {
    return new TrainConfig(
        backbone,
        head,
        dataset,
        data,
        iterations,
        batch,
        accumulate,
        size,
        minScale,
        maxScale,
        photometric,
        rules,
        learningRate,
        warmup,
        power,
        weightDecay,
        clip,
        dropPath,
        dropout,
        classBalance,
        lossMean,
        arithmetic,
        seed,
        evalEvery,
        otherGroups,
        otherTuning,
        source);
  }

  /** What the learning rate and the decay of each parameter are multiplied by. */
  public ParameterFactors factors() {
    return fineTuning.layerDecay() == 1 ? groups : LayerDecay.of(this);
  }

  /** The learning rate of every step. */
  public LearningRate schedule() {
    return new LearningRate(learningRate, iterations, power, warmup);
  }

  private static void atLeast(String name, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(
          "%s must be at least %d, but is %d".formatted(name, least, value));
    }
  }

  private static void share(String name, float value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(
          "%s must be at least 0 and below 1, but is %s".formatted(name, value));
    }
  }

  private static void positive(String name, double value) {
    if (!(value > 0)) {
      throw new IllegalArgumentException("%s must be above 0, but is %s".formatted(name, value));
    }
  }
}
