package org.segtrain.engine;

import ai.djl.ndarray.NDList;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;

/** Watches a forward pass, block by block, if the pass's parameter store implements it. */
public interface BlockObserver {

  /** Sees nothing. */
  BlockObserver NONE = new BlockObserver() {};

  /** Called before the forward pass of {@code block}. */
  default void enter(Block block) {}

  /**
   * Called after the block that was entered last.
   *
   * @param outputs live until the observer returns
   */
  default void leave(Block block, NDList outputs) {}

  /** The observer of passes that read their parameters from {@code parameters}. */
  static BlockObserver of(ParameterStore parameters) {
    return parameters instanceof BlockObserver observer ? observer : NONE;
  }
}
