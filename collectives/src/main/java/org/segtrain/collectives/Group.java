package org.segtrain.collectives;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * Processes that compute together, and the place of this one among them. All of them must make the
 * same calls in the same order, each from one thread at a time; each call waits for the others.
 *
 * <p>A process that fails ends the group: every call then throws a {@link
 * org.segtrain.errors.DataException} that names the rank that failed first.
 */
public interface Group extends AutoCloseable {

  /** One process alone, whose calls return at once. It needs no library of ours. */
  static Group alone() {
    return Alone.GROUP;
  }

  /**
   * Joins the group, waiting for the other processes. Arrays on a CPU travel by Gloo, those on a
   * GPU by NCCL.
   *
   * @param device of this process
   * @param timeout after which a process that is missing, or makes no progress, has failed
   * @throws org.segtrain.errors.DataException if there is no library for this platform, or the
   *     others are not there
   */
  static Group join(Rendezvous where, Device device, Duration timeout) {
    return JoinedGroup.join(where, device, timeout);
  }

  /** Number of this process, from 0. */
  int rank();

  /** How many processes there are. */
  int size();

  /** Whether this process is rank 0, which writes what the group leaves behind. */
  default boolean isFirst() {
    return rank() == 0;
  }

  /** The hosts of all processes, by rank. */
  List<String> hosts();

  /** Leaves a text with the launcher's store, where it outlives a restart of all processes. */
  void note(String key, String value);

  /** A text of that key, left by any process; empty if there is none. */
  String noted(String key);

  /** Is told, in a thread of its own, why the group ended, if a process fails. */
  void onFailure(Consumer<String> listener);

  /** Tells the other processes why this one fails, unless one failed before. */
  void fail(String sentence);

  /** Tells the others that this process makes progress, when long work lies between two calls. */
  void progress();

  /**
   * Sums each array over all processes, in place. Buckets of about 25 MB are filled from the end of
   * the list, and travel while the next is filled.
   *
   * @param arrays of the same shapes in all processes
   */
  void sum(List<NDArray> arrays);

  /** Overwrites each array by that of rank 0. */
  void broadcast(List<NDArray> arrays);

  /**
   * The arrays of all processes behind each other, in the order of their ranks: {@code n * -> N·n
   * *}. Differentiable: each process gets the sum of the gradients of its part.
   */
  NDArray gathered(NDArray x);

  /** The numbers of all processes by rank; each gives as many. */
  double[][] gather(double... own);

  /** The texts of all processes by rank. */
  List<String> gather(String own);

  /**
   * The index of the first array whose bits differ between the processes; -1 if none does.
   *
   * @param arrays float32, the same in all processes if all is well
   */
  int firstDifference(List<NDArray> arrays);

  /**
   * Waits until all processes are here, however long their work takes, as long as each makes {@link
   * #progress}.
   */
  void barrier();

  /**
   * What to throw for an error of the engine, which may be that of a collective in the backward
   * pass of {@link #gathered}.
   *
   * @return {@code wrong}, or an exception that names the rank that failed
   */
  RuntimeException explained(EngineException wrong);

  /** What this process has exchanged so far. */
  Traffic traffic();

  /**
   * What a process has exchanged.
   *
   * @param bytes of its arrays and texts, each counted once
   * @param seconds in collectives, waiting for slower processes included
   */
  record Traffic(long bytes, double seconds) {

    /** What came after {@code earlier}. */
    public Traffic since(Traffic earlier) {
      return new Traffic(bytes - earlier.bytes, seconds - earlier.seconds);
    }
  }

  /** Leaves the group, once all are here if none failed. */
  @Override
  void close();
}
