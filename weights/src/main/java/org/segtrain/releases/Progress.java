package org.segtrain.releases;

/** Is told how far a download is. */
@FunctionalInterface
public interface Progress {

  /**
   * Called every now and then.
   *
   * @param bytes that are here
   * @param total bytes of the file, negative where the server does not say
   */
  void at(long bytes, long total);
}
