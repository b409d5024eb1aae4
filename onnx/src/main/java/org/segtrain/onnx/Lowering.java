package org.segtrain.onnx;

/** How one operation of PyTorch is written in ONNX. */
interface Lowering {

  /**
   * Adds the nodes that compute {@code call}.
   *
   * @throws Refusal if ONNX has none for such arguments
   */
  Value of(Invocation call);
}
