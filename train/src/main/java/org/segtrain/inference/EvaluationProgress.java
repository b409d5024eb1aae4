package org.segtrain.inference;

/** Is told how far an evaluation or a prediction is, in its own thread. */
@FunctionalInterface
public interface EvaluationProgress {

  /** Nobody listens. */
  EvaluationProgress NONE = (done, all) -> {};

  /**
   * Told before the first image, and after each.
   *
   * @param done images so far
   * @param all images to measure
   */
  void at(int done, int all);

  /**
   * Told within an image that is cut into windows.
   *
   * @param done windows of it that the model has read, at all scales and mirrored too
   * @param all its windows
   */
  default void windows(int done, int all) {}
}
