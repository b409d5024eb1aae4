package org.segtrain.heads;

/**
 * What a model drops at random in training.
 *
 * @param dropPath rate of stochastic depth in the last layer of the backbone, 0-1
 * @param dropout share of the channels dropped before a head's classifier, 0-1
 */
public record Regularization(float dropPath, float dropout) {

  /** Nothing is dropped. */
  public static final Regularization NONE = new Regularization(0, 0);

  public Regularization {
    check("drop path rate", dropPath);
    check("dropout", dropout);
  }

  private static void check(String name, float value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException(
          "%s must be at least 0 and below 1, but is %s".formatted(name, value));
    }
  }
}
