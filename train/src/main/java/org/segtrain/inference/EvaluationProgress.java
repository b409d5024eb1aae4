package org.segtrain.inference;

/** Is told how far an evaluation is, in its own thread. */
@FunctionalInterface
public interface EvaluationProgress {

  /** Nobody listens. */
  EvaluationProgress NONE = (done, all) -> {};

  /**
   * Another image was measured.
   *
   * @param done images so far
   * @param all images to measure
   */
  void at(int done, int all);
}
