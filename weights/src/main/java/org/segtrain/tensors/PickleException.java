package org.segtrain.tensors;

/** A pickle makes no sense; the message is what follows "its pickle". */
final class PickleException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  PickleException(String what) {
    super(what);
  }
}
