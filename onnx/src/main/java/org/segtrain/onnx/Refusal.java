package org.segtrain.onnx;

/** An operation cannot be written as ONNX; the message is the reason, part of a sentence. */
final class Refusal extends RuntimeException {

  private static final long serialVersionUID = 1L;

  Refusal(String reason) {
    super(reason);
  }

  /** The whole sentence, for the caller of the export. */
  IllegalArgumentException of(String operation, String block) {
    return new IllegalArgumentException(
        "%s in %s cannot be written as ONNX: %s; replace it, or write TorchScript"
            .formatted(operation, block.isEmpty() ? "the model" : block, getMessage()),
        this);
  }
}
