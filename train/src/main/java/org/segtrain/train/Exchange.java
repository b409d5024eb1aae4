package org.segtrain.train;

import java.util.Locale;
import java.util.Optional;
import org.segtrain.collectives.Group;
import org.segtrain.collectives.Group.Traffic;

/** What the steps of one process exchange with others, and how long that takes. */
final class Exchange {

  private final Group group;
  private Traffic before;
  private long steps;
  private long nanos;
  private long bytes;
  private double seconds;

  /** Of no step yet. */
  Exchange(Group group) {
    this.group = group;
    this.before = group.traffic();
  }

  /** A step begins; returns the time, ns. */
  long begin() {
    before = group.traffic();
    return System.nanoTime();
  }

  /** The step that began at {@code start} has ended. */
  void add(long start) {
    Traffic own = group.traffic().since(before);
    steps++;
    nanos += System.nanoTime() - start;
    bytes += own.bytes();
    seconds += own.seconds();
  }

  /** "each process exchanged 95.9 MB a step, and spent 9 % of the steps in collectives". */
  Optional<String> sentence() {
    return group.size() == 1 || steps == 0
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "each process exchanged %.1f MB a step, and spent %.0f %% of its steps in"
                    + " collectives",
                bytes / 1e6 / steps,
                100 * seconds / (nanos / 1e9)));
  }
}
