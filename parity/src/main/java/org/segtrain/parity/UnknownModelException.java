package org.segtrain.parity;

/** Thrown if a file of the reference is about a model that this build does not have. */
public final class UnknownModelException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  UnknownModelException(String message, Throwable cause) {
    super(message, cause);
  }
}
