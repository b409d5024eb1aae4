package org.segtrain.cli.texts;

import java.math.BigDecimal;
import java.time.Duration;

/** Numbers as people read them. */
public final class Numbers {

  private Numbers() {}

  /** 0.0002 rather than 2.0E-4. */
  public static String plain(Number value) {
    return new BigDecimal(value.toString()).stripTrailingZeros().toPlainString();
  }

  /** "512 x 1024" of 512x1024, "512 x 512" of 512. */
  public static String pixels(String size) {
    return size.contains("x") ? size.replace("x", " x ") : size + " x " + size;
  }

  /** "45 s", "6 min 10 s", "12 h 5 min". */
  static String time(Duration time) {
    if (time.toHours() > 0) {
      return "%d h %d min".formatted(time.toHours(), time.toMinutesPart());
    }
    return time.toMinutes() > 0
        ? "%d min %d s".formatted(time.toMinutes(), time.toSecondsPart())
        : "%d s".formatted(time.toSeconds());
  }
}
