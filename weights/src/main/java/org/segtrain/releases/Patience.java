package org.segtrain.releases;

import java.time.Duration;

/**
 * When a download is tried again.
 *
 * @param tries in a row, each of which brought fewer than {@code least} bytes, before it is given
 *     up
 * @param pause before the second try; twice as long before each further one
 * @param silence after which a try ends that brought fewer than {@code least} bytes meanwhile
 * @param least bytes
 */
public record Patience(int tries, Duration pause, Duration silence, long least) {

  /** Values for a network of today: a kilobyte a second, as curl's manual proposes. */
  public static final Patience STANDARD =
      new Patience(4, Duration.ofSeconds(1), Duration.ofSeconds(60), 60_000);
}
