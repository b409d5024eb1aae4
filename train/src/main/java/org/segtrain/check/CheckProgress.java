package org.segtrain.check;

/** Is told how far a check is, by one thread at a time. */
@FunctionalInterface
public interface CheckProgress {

  /** Nobody listens. */
  CheckProgress NONE = (done, all) -> {};

  /**
   * Another file was read.
   *
   * @param done files that were read
   * @param all files to read
   */
  void at(int done, int all);
}
