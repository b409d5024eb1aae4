package org.segtrain.config;

import ai.djl.nn.Block;
import java.nio.file.Path;
import org.segtrain.weights.LoadOptions;
import org.segtrain.weights.LoadReport;
import org.segtrain.weights.Weights;

/**
 * Weights that somebody made before.
 *
 * @param file that holds them, in any form that {@link Weights} reads
 * @param part of the file, {@code state_dict_ema} for instance; null for the usual one
 */
public record WeightsSource(String file, String part) {

  /** Loads them to train from: a head that the file lacks, or of other classes, is new. */
  public LoadReport startTraining(Block model) {
    return Weights.load(model, Path.of(file), LoadOptions.toTrain(part));
  }

  /** Loads them to predict with: all must be there. */
  public LoadReport predictWith(Block model) {
    return Weights.load(model, Path.of(file), LoadOptions.toPredict(part));
  }
}
