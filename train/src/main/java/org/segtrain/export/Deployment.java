package org.segtrain.export;

import org.segtrain.train.Precision;

/**
 * How a model is used elsewhere.
 *
 * @param input what it reads
 * @param output what it gives
 * @param confidence whether classes are followed by their probabilities
 * @param precision of weights and activations
 * @param optimized whether the file is for inference only, and faster
 */
public record Deployment(
    InputForm input,
    OutputForm output,
    boolean confidence,
    Precision precision,
    boolean optimized) {

  public Deployment {
    if (confidence && output != OutputForm.CLASSES) {
      throw new IllegalArgumentException(
          "confidence goes with output classes, but output is %s, from which softmax gives it"
              .formatted(output));
    }
  }

  /**
   * Refuses more classes than the output can tell apart.
   *
   * @throws IllegalArgumentException if there are
   */
  public void check(int classes) {
    if (output == OutputForm.CLASSES && classes > OutputForm.MOST_CLASSES) {
      throw new IllegalArgumentException(
          "output classes is a map of bytes, which tell at most %d classes apart, but there are %d;"
                  .formatted(OutputForm.MOST_CLASSES, classes)
              + " choose output full or scores");
    }
  }
}
