package org.segtrain.errors;

/**
 * A value that the user chose is wrong, such as an unknown name or a number out of its range. The
 * message is one sentence with a remedy. A plain {@link IllegalArgumentException} is a bug of the
 * program instead.
 */
public final class UsageException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  public UsageException(String sentence) {
    super(Brief.of(sentence));
  }

  public UsageException(String sentence, Throwable cause) {
    super(Brief.of(sentence), cause);
  }
}
