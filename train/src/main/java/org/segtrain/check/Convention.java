package org.segtrain.check;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.segtrain.data.DataFiles;
import org.segtrain.data.Sample;

/**
 * How people number the values of masks.
 *
 * @param first value of the first class
 * @param voids values that mean no class
 */
record Convention(int first, List<Integer> voids) {

  /** The usual ones, the commonest first. */
  private static final List<Convention> USUAL =
      List.of(
          new Convention(0, List.of(Sample.VOID)),
          new Convention(1, List.of(0)),
          new Convention(1, List.of(0, Sample.VOID)),
          new Convention(0, List.of()));

  /**
   * The usual one that explains all {@code values}, and most classes by them; empty if none does,
   * or if the values are declared one by one.
   */
  static Optional<Convention> best(Set<Integer> values, int classes, DataFiles now) {
    if (!now.labels().isEmpty()) {
      return Optional.empty();
    }
    return USUAL.stream()
        .filter(one -> one.values(classes).containsAll(values))
        .max(
            Comparator.comparingInt((Convention one) -> one.occurring(values, classes))
                .thenComparing(USUAL::indexOf, Comparator.reverseOrder()));
  }

  private Set<Integer> values(int classes) {
    Set<Integer> all = new HashSet<>(voids);
    for (int k = 0; k < classes; k++) {
      all.add(first + k);
    }
    return all;
  }

  /** How many classes occur if {@code values} do. */
  private int occurring(Set<Integer> values, int classes) {
    return (int) values.stream().filter(v -> v >= first && v < first + classes).count();
  }

  /** "0, 255", or "none". */
  String voidText() {
    return voids.isEmpty()
        ? "none"
        : voids.stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  /** The values to give instead of the present ones. */
  String remedy(DataFiles now) {
    List<String> keys = new ArrayList<>();
    if (first != now.first()) {
      keys.add("files.first %d".formatted(first));
    }
    if (!voids.equals(now.voids())) {
      keys.add("files.voids %s".formatted(voidText()));
    }
    return "give " + String.join(" and ", keys);
  }

  /** "0-3, 7". */
  static String ranges(Set<Integer> values) {
    List<String> ranges = new ArrayList<>();
    int from = -1;
    int last = -1;
    for (int value : new TreeSet<>(values)) {
      if (from >= 0 && value != last + 1) {
        ranges.add(range(from, last));
      }
      from = from < 0 || value != last + 1 ? value : from;
      last = value;
    }
    ranges.add(range(from, last));
    return String.join(", ", ranges);
  }

  private static String range(int from, int last) {
    return from == last ? "" + from : from + "-" + last;
  }
}
