package org.segtrain.check;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Additions to {@code files.labels}. */
final class Meanings {

  private Meanings() {}

  /**
   * "0=background,255=crack": what is given, and beside it that {@code values} mean {@code name}.
   *
   * @param given valid values of {@code files.labels}
   */
  static String with(List<String> given, Set<Integer> values, String name) {
    Map<Integer, String> meanings = new TreeMap<>();
    for (String label : given) {
      int sign = label.indexOf('=');
      int[] range =
          Stream.of(label.substring(0, sign).strip().split("-", 2))
              .mapToInt(Integer::parseInt)
              .toArray();
      for (int value = range[0]; value <= range[range.length - 1]; value++) {
        meanings.put(value, label.substring(sign + 1).strip());
      }
    }
    values.forEach(value -> meanings.put(value, name));
    Map<String, Set<Integer>> inverse = new LinkedHashMap<>();
    meanings.forEach(
        (value, what) -> inverse.computeIfAbsent(what, unused -> new TreeSet<>()).add(value));
    return inverse.entrySet().stream()
        .flatMap(
            one ->
                Stream.of(Convention.ranges(one.getValue()).split(", ", -1))
                    .map(range -> range + "=" + one.getKey()))
        .collect(Collectors.joining(","));
  }
}
