package org.segtrain.errors;

/** A file or folder of the user is wrong; the message is one sentence with a remedy. */
public final class DataException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public DataException(String sentence) {
    super(Brief.of(sentence));
  }

  public DataException(String sentence, Throwable cause) {
    super(Brief.of(sentence), cause);
  }
}
