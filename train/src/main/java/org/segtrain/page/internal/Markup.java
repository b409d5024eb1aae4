package org.segtrain.page.internal;

import java.util.Locale;

/** The body of a page under way. */
public final class Markup {

  private final StringBuilder text = new StringBuilder();

  /**
   * Adds a line.
   *
   * @param markup a format
   * @param values numbers, markup, or text that was escaped
   */
  public Markup line(String markup, Object... values) {
    text.append(String.format(Locale.ROOT, markup, values)).append('\n');
    return this;
  }

  /** Adds markup as it is. */
  public Markup add(String markup) {
    text.append(markup).append('\n');
    return this;
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
