package org.segtrain.data.internal;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.segtrain.errors.DataException;
import org.segtrain.errors.UsageException;

/** An item that another thread reads. */
public final class Awaited {

  private Awaited() {}

  /**
   * Waits for it.
   *
   * @param what it is, for messages: the name of a file
   * @throws DataException if its data were refused, or the heap had no room for them
   * @throws UsageException if the user's declarations do not suit them
   * @throws IllegalStateException if this thread is interrupted, or the other threw anything but a
   *     refusal
   */
  public static <T> T of(Future<T> coming, String what) {
    try {
      return coming.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for " + what, e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof DataException wrong) {
        throw new DataException(wrong.getMessage(), wrong); // with the stack of this thread
      }
      if (e.getCause() instanceof UsageException wrong) {
        throw wrong;
      }
      if (e.getCause() instanceof OutOfMemoryError full) {
        throw HeapFull.of(what, full);
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException(what + " could not be read", e.getCause());
    }
  }
}
