package org.segtrain.cli.texts;

import java.math.BigDecimal;

/** Numbers as people read them. */
public final class Numbers {

  private Numbers() {}

  /** 0.0002 rather than 2.0E-4. */
  public static String plain(Number value) {
    return new BigDecimal(value.toString()).stripTrailingZeros().toPlainString();
  }
}
