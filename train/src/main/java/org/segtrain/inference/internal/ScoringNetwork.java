package org.segtrain.inference.internal;

import ai.djl.ndarray.NDArray;

/**
 * The network that a {@link Segmenter} runs, on images of the size that it chose: a block, or a
 * program that another part of segtrain loaded. One thread at a time may use it.
 */
public interface ScoringNetwork extends AutoCloseable {

  /**
   * The scores of every class.
   *
   * @param images normalised, {@code B 3 H W}, float32
   * @return {@code B K h w}, float32, in the manager of {@code images}
   */
  NDArray scores(NDArray images);

  /**
   * How scores are enlarged to the image: whether the centres of the corner scores stay in place.
   */
  boolean alignCorners();

  @Override
  void close();
}
