package org.segtrain.releases;

import java.time.Duration;

/**
 * When a download is tried again.
 *
 * @param tries of which none brought anything before it is given up
 * @param pause before the second try; twice as long before each further one
 * @param silence without a byte after which a try ends
 */
public record Patience(int tries, Duration pause, Duration silence) {

  /** What suits a network of today. */
  public static final Patience STANDARD =
      new Patience(4, Duration.ofSeconds(1), Duration.ofSeconds(60));
}
