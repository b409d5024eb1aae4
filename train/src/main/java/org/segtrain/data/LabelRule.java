package org.segtrain.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.segtrain.data.internal.Foreground;
import org.segtrain.errors.Counted;
import org.segtrain.errors.DataException;
import org.segtrain.errors.UsageException;
import org.segtrain.names.Choice;

/** The meaning of the values in a data set's masks. */
final class LabelRule {

  private static final int REFUSED = -1;
  private static final int HIGHEST = 65_535; // of 16 bits
  private static final Pattern PAIR = Pattern.compile("(\\d{1,5})(?:-(\\d{1,5}))?=(.+)");

  private final int[] labels; // by value in the mask
  private final String allowed;
  private final List<String> given; // where they name the classes
  private final Optional<String> only; // what to say where there is one class

  private LabelRule(Map<Integer, Integer> meanings, List<String> names, List<String> given) {
    labels = new int[meanings.keySet().stream().max(Integer::compare).orElse(0) + 1];
    Arrays.fill(labels, REFUSED);
    meanings.forEach((value, label) -> labels[value] = label);
    allowed = described(meanings, names);
    only = names.size() == 1 ? Optional.of(Foreground.oneClass(names.get(0))) : Optional.empty();
    this.given = List.copyOf(given);
  }

  /** A value, or several that follow one another, and what they are. */
  private record Pair(int from, int to, String meaning) {

    static Pair of(String text) {
      Matcher pair = PAIR.matcher(text.strip());
      if (!pair.matches()) {
        throw new UsageException(
            "files.labels are VALUE=CLASS, as in 255=foreground or 0-6=void, but one is \"%s\""
                .formatted(text));
      }
      int from = Integer.parseInt(pair.group(1));
      int to = pair.group(2) == null ? from : Integer.parseInt(pair.group(2));
      if (to < from || to > HIGHEST) {
        throw new UsageException(
            "files.labels has the values %d to %d; give them upwards, at most %d"
                .formatted(from, to, HIGHEST));
      }
      return new Pair(from, to, pair.group(3).strip());
    }
  }

  /**
   * The rule that {@code files} declare for the classes of {@code table}.
   *
   * @throws UsageException if it says two things of one value, or names a class that is not there
   */
  static LabelRule of(ClassTable table, DataFiles files) {
    Map<Integer, Integer> meanings = new TreeMap<>();
    for (int k = 0; k < table.names().size(); k++) {
      meanings.put(table.values().isEmpty() ? files.first() + k : table.values().get(k), k);
    }
    for (int value : files.voids()) {
      Integer label = meanings.put(value, Sample.VOID);
      if (label != null && label != Sample.VOID) {
        throw new UsageException(
            "files.voids has %d, which is the value of the class \"%s\", since files.first is %d;"
                    .formatted(value, table.names().get(label), files.first())
                + " change one");
      }
    }
    pairs(files).forEach(pair -> put(pair, meanings, table.names()));
    return new LabelRule(meanings, table.names(), List.of());
  }

  /**
   * The classes that {@code files} name themselves, in the order in which they do.
   *
   * @throws UsageException if they name none or too many
   */
  static List<String> classes(DataFiles files) {
    List<String> names =
        files.labels().stream()
            .map(text -> Pair.of(text).meaning())
            .filter(name -> !name.equals(ClassTable.VOID))
            .distinct()
            .toList();
    if (names.isEmpty() || names.size() > Sample.VOID) {
      throw new UsageException(
          "files.labels names %d classes; name 1-%d".formatted(names.size(), Sample.VOID));
    }
    return names;
  }

  /** The rule of classes that {@code files} name themselves: no other value is allowed. */
  static LabelRule ofLabels(DataFiles files) {
    List<String> names = classes(files);
    Map<Integer, Integer> meanings = new TreeMap<>();
    files.voids().forEach(value -> meanings.put(value, Sample.VOID));
    pairs(files).forEach(pair -> put(pair, meanings, names));
    return new LabelRule(meanings, names, files.labels());
  }

  private static List<Pair> pairs(DataFiles files) {
    List<Pair> pairs = files.labels().stream().map(Pair::of).toList();
    refuseTwice(pairs);
    return pairs;
  }

  /** Refuses values with two meanings. */
  private static void refuseTwice(List<Pair> pairs) {
    Map<Integer, String> seen = new TreeMap<>();
    for (Pair pair : pairs) {
      for (int value = pair.from(); value <= pair.to(); value++) {
        String before = seen.put(value, pair.meaning());
        if (before != null && !before.equals(pair.meaning())) {
          throw new UsageException(
              "files.labels says that %d is \"%s\" and \"%s\"; keep one"
                  .formatted(value, before, pair.meaning()));
        }
      }
    }
  }

  private static void put(Pair pair, Map<Integer, Integer> meanings, List<String> names) {
    boolean isVoid = pair.meaning().equals(ClassTable.VOID) && !names.contains(ClassTable.VOID);
    int label = isVoid ? Sample.VOID : new Choice("class", names).index(pair.meaning());
    for (int value = pair.from(); value <= pair.to(); value++) {
      meanings.put(value, label);
    }
  }

  /** "0-10 and 255 = void": values of classes in order, then the others. */
  private static String described(Map<Integer, Integer> meanings, List<String> names) {
    List<Integer> voids = new ArrayList<>();
    List<Integer> classes = new ArrayList<>();
    meanings.forEach((value, label) -> (label == Sample.VOID ? voids : classes).add(value));
    String text = ranges(classes);
    if (classes.size() != names.size()) {
      text += " (%s)".formatted(Counted.of(names.size(), "class"));
    }
    return voids.isEmpty() ? text : "%s and %s = void".formatted(text, ranges(voids));
  }

  private static String ranges(List<Integer> values) {
    List<int[]> ranges = new ArrayList<>();
    for (int value : values) {
      int[] last = ranges.isEmpty() ? new int[] {0, -2} : ranges.get(ranges.size() - 1);
      if (value == last[1] + 1) {
        last[1] = value;
      } else {
        ranges.add(new int[] {value, value});
      }
    }
    return ranges.stream()
        .map(range -> range[0] == range[1] ? "" + range[0] : range[0] + "-" + range[1])
        .collect(Collectors.joining(", "));
  }

  /** The meaning of a value: a class, or void; empty if it has none. */
  OptionalInt label(int value) {
    int label = value < labels.length ? labels[value] : REFUSED;
    return label == REFUSED ? OptionalInt.empty() : OptionalInt.of(label);
  }

  /**
   * Returns the labels of {@code mask}, which was read from {@code file}.
   *
   * @param top which row of the file is its first
   */
  byte[] apply(LabelMap mask, Path file, int top) {
    int[] values = mask.values();
    byte[] result = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      int label = values[i] < labels.length ? labels[values[i]] : REFUSED;
      if (label == REFUSED) {
        throw refused(values[i], file, i % mask.width(), top + i / mask.width());
      }
      result[i] = (byte) label;
    }
    return result;
  }

  /** The same of a whole mask of eight bits. */
  byte[] apply(PlainImage mask, Path file) {
    byte[] values = mask.bytes();
    int[] meanings = Arrays.copyOf(labels, 256);
    Arrays.fill(meanings, Math.min(labels.length, 256), 256, REFUSED);
    byte[] result = new byte[values.length];
    int all = 0;
    for (int i = 0; i < values.length; i++) {
      int label = meanings[values[i] & 0xFF];
      all |= label; // negative from the first refused on
      result[i] = (byte) label;
    }
    if (all < 0) {
      throw refused(values, meanings, mask.getWidth(), file);
    }
    return result;
  }

  private DataException refused(byte[] values, int[] meanings, int width, Path file) {
    int i = 0;
    while (meanings[values[i] & 0xFF] != REFUSED) {
      i++;
    }
    return refused(values[i] & 0xFF, file, i % width, i / width);
  }

  private DataException refused(int value, Path file, int column, int row) {
    String where = "label %d in %s (column %d, row %d)".formatted(value, file, column, row);
    return new DataException(
        only.map(
                sentence ->
                    "%s means nothing, and %s; %s"
                        .formatted(
                            where,
                            sentence,
                            given.isEmpty()
                                ? "name another class too, as the first line of classes.txt if it is that of 0"
                                : "name the background too, as in files.labels %d=background,%s"
                                    .formatted(value, String.join(",", given))))
            .orElse(
                where
                    + ", but labels are %s; correct the mask, or say what its values mean with files.first, files.voids or files.labels (data check proposes what suits all masks)"
                        .formatted(allowed)));
  }
}
