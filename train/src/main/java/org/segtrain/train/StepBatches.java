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
 * The batches of an optimiser step that this process reads. If the configuration alone gives the
 * weight of a pixel, each is read when its turn comes. Else the weight depends on the labels of
 * all, so all are read before the first forward pass. They take 4 bytes a pixel, 1 MB for a crop of
 * 512x512.
 *
 * @param passes how many there are, here and in other processes
 * @param next gives each of them once
 * @param pixelWeight the weight of one pixel in the loss of the step
 */
record StepBatches(Passes passes, Supplier<Batch> next, double pixelWeight) {

  /** Batches that are read already. */
  static StepBatches of(Passes passes, List<Batch> read, LossMean mean, ClassWeights classWeights) {
    double[] totals =
        read.stream().mapToDouble(batch -> PixelWeight.total(mean, batch, classWeights)).toArray();
    return new StepBatches(passes, read.iterator()::next, PixelWeight.of(passes.gathered(totals)));
  }

  /**
   * The batches of the next step of a run.
   *
   * @param scores how many arrays of scores the model gives in training
   */
  static StepBatches of(
      Passes passes,
      TrainConfig config,
      int scores,
      ClassWeights classWeights,
      Supplier<Batch> next) {
    LossMean mean = config.loss().mean();
    if (mean == LossMean.ALL) {
      double pixels = (double) config.data().crop().pixels() * config.schedule().stepImages();
      return new StepBatches(passes, next, 1 / pixels);
    } else if (!config.loss().countsLabels(scores)) { // each forward pass counts its own pixels
      return new StepBatches(passes, next, 0);
    }
    return of(passes, Stream.generate(next).limit(passes.own()).toList(), mean, classWeights);
  }
}
