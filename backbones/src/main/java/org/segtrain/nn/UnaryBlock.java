package org.segtrain.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;

/** A block from one array to one array. */
public abstract class UnaryBlock extends ComposedBlock {

  /** Computes the output for {@code x}. */
  protected abstract NDArray forward(Pass pass, NDArray x);

  @Override
  protected final NDList forward(Pass pass, NDList inputs) {
    return new NDList(forward(pass, inputs.singletonOrThrow()));
  }
}
