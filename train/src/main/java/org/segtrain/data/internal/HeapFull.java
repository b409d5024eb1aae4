package org.segtrain.data.internal;

import org.segtrain.engine.internal.Shortage;
import org.segtrain.errors.DataException;

/** A file for which there was no room in the Java heap, though it alone might fit. */
public final class HeapFull {

  private HeapFull() {}

  /**
   * Throws what is to be said of it, where a decoder wraps the error in an exception.
   *
   * @param what the name of the file
   */
  public static void throwIfCause(String what, Exception e) {
    if (Shortage.isOfHeap(e)) {
      throw of(what, e);
    }
  }

  /**
   * The exception for it.
   *
   * @param what the name of the file
   */
  public static DataException of(String what, Throwable error) {
    return new DataException(
        ("%s did not fit into the Java heap beside its other contents; let it grow (-Xmx%dg), or"
                + " cut the image into tiles")
            .formatted(what, 2 * (Runtime.getRuntime().maxMemory() >> 30) + 1),
        error);
  }
}
