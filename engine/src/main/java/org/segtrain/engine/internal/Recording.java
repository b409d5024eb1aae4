package org.segtrain.engine.internal;

import ai.djl.ndarray.NDArray;

/** An array whose operations are written down while they take place: see {@link Graph}. */
public interface Recording {

  /** In an expression: whether the exported module is in training; it is not while recording. */
  String TRAINING = "self.training";

  /**
   * Evaluates a TorchScript expression as {@link org.segtrain.engine.Aten#call} does, and writes it
   * down.
   *
   * @param expression an expression with {@code $0} to {@code $9} in the places of the arguments
   * @param arguments arrays, shapes, numbers, booleans or null
   */
  NDArray record(String expression, Object... arguments);

  /**
   * An exception for what cannot be written down.
   *
   * @param why a clause that names the operation; the block at work is put before it
   */
  IllegalArgumentException refusal(String why);
}
