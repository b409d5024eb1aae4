package org.segtrain.loss.internal;

import java.util.Map;
import java.util.Optional;

/**
 * One term of a loss.
 *
 * @param weight factor of its value
 * @param numbers all its arguments by name
 * @param per the images that it is computed of at once, where that makes a difference
 */
record LossTerm(
    TermVariant variant, double weight, Map<String, Double> numbers, Optional<Per> per) {

  LossTerm {
    numbers = Map.copyOf(numbers);
  }

  /** The argument of that name. */
  double number(String name) {
    return numbers.get(name);
  }

  boolean isPer(Per what) {
    return per.equals(Optional.of(what));
  }

  Formula formula(PixelLosses pixels) {
    return variant.maker().of(this, pixels);
  }
}
