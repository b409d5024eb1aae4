package org.segtrain.engine;

import ai.djl.nn.Block;

/** Is told which block runs, if the parameter store of a pass implements it. */
public interface Blocks {

  /** Called before the forward pass of {@code block}. */
  void enter(Block block);

  /** Called after the forward pass of the block that was entered last. */
  void leave();
}
