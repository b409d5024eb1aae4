package org.segtrain.train;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.segtrain.config.TrainConfig;
import org.segtrain.data.internal.Batch;
import org.segtrain.loss.LossMean;
import org.segtrain.loss.internal.ClassWeights;
import org.segtrain.loss.internal.PixelWeight;

/**
 * The batches of an optimiser step. If the configuration alone gives the weight of a pixel, each is
 * read when its turn comes. Else the weight depends on the labels of all, so all are read before
 * the first forward pass. They take 4 bytes a pixel, 1 MB for a crop of 512x512.
 *
 * @param count how many there are
 * @param next gives each of them once
 * @param pixelWeight the weight of one pixel in the loss of the step
 */
record StepBatches(int count, Supplier<Batch> next, double pixelWeight) {

  /** Batches that are read already. */
  static StepBatches of(List<Batch> read, LossMean mean, ClassWeights classWeights) {
    return new StepBatches(
        read.size(), read.iterator()::next, PixelWeight.of(mean, read, classWeights));
  }

  /**
   * The batches of the next step of a run.
   *
   * @param scores how many arrays of scores the model gives in training
   */
  static StepBatches of(
      TrainConfig config, int scores, ClassWeights classWeights, Supplier<Batch> next) {
    int count = config.schedule().accumulate();
    LossMean mean = config.loss().mean();
    if (mean == LossMean.ALL) {
      double pixels = (double) config.data().crop().pixels() * config.schedule().stepImages();
      return new StepBatches(count, next, 1 / pixels);
    } else if (!config.loss().countsLabels(scores)) { // each forward pass counts its own pixels
      return new StepBatches(count, next, 0);
    }
    return of(Stream.generate(next).limit(count).toList(), mean, classWeights);
  }
}
