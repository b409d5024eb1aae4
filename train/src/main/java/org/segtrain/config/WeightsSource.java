package org.segtrain.config;

import ai.djl.nn.Block;
import java.nio.file.Path;
import org.segtrain.weights.LoadOptions;
import org.segtrain.weights.LoadReport;
import org.segtrain.weights.Weights;

/**
 * Weights that somebody made before, which a run starts from.
 *
 * @param file that holds them, in any form that {@link Weights} reads; empty for new weights
 * @param part of the file, {@code state_dict_ema} for instance; empty for the usual one
 */
public record WeightsSource(String file, String part) {

  /** New weights. */
  public static final WeightsSource NONE = new WeightsSource("", "");

  /** Whether there is a file. */
  public boolean isGiven() {
    return !file.isEmpty();
  }

  /** The same as values of a configuration. */
  public Overlay overlay(String origin) {
    return Overlay.of(origin).with("weights.file", file).with("weights.part", part);
  }

  /** Loads them to train from: a head that the file lacks, or of other classes, is new. */
  public LoadReport startTraining(Block model) {
    return Weights.load(model, Path.of(file), LoadOptions.toTrain(givenPart()));
  }

  /** Loads them to predict with: all must be there. */
  public LoadReport predictWith(Block model) {
    return Weights.load(model, Path.of(file), LoadOptions.toPredict(givenPart()));
  }

  private String givenPart() {
    return part.isEmpty() ? null : part;
  }
}
