package org.segtrain.images;

import ai.djl.translate.ArgumentsUtil;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;

/**
 * The values of a {@code serving.properties}, or those that a program gives in their place.
 *
 * @param values by name
 */
public record Arguments(Map<String, ?> values) {

  private static final String NUMBER = "\\d{1,9}(?:\\.0+)?"; // a program may have it from JSON

  public Arguments {
    values = Collections.unmodifiableMap(new HashMap<>(values)); // null is allowed in it
  }

  /**
   * A whole number from 0 to 999,999,999.
   *
   * @param usual where there is none
   * @throws IllegalArgumentException if it is something else
   */
  public int number(String name, int usual) {
    String given = text(name, String.valueOf(usual));
    if (!given.matches(NUMBER)) {
      throw new IllegalArgumentException(
          "%s of a serving.properties must be a whole number from 0 to 999999999, but is \"%s\""
              .formatted(name, given));
    }
    return (int) Double.parseDouble(given);
  }

  /**
   * Yes or no.
   *
   * @param usual where there is none
   * @throws IllegalArgumentException if it is neither {@code true} nor {@code false}
   */
  public boolean flag(String name, boolean usual) {
    String given = text(name, String.valueOf(usual));
    if (!given.matches("(?i)true|false")) {
      throw new IllegalArgumentException(
          "%s of a serving.properties must be true or false, but is \"%s\"".formatted(name, given));
    }
    return Boolean.parseBoolean(given);
  }

  /**
   * A text.
   *
   * @param usual where there is none
   */
  public String text(String name, String usual) {
    return ArgumentsUtil.stringValue(values, name, usual).strip();
  }
}
