package org.segtrain.onnx;

/** A list of arrays, each of which enters the graph when it is asked for. */
non-sealed interface Parts extends Value {

  /** The array at {@code index}, from 0. */
  Tensor part(long index);
}
