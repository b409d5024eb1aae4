package org.segtrain.onnx;

/** An operation cannot be written as ONNX; the message is the reason, part of a sentence. */
final class Refusal extends RuntimeException {

  private static final long serialVersionUID = 1L;

  Refusal(String reason) {
    super(reason);
  }
}
