package org.segtrain.names;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.segtrain.errors.UsageException;

/**
 * A value that must be one of a few names.
 *
 * @param what it chooses, as messages say it: "backbone"
 * @param known the valid names
 */
public record Choice(String what, List<String> known) {

  private static final int LONGEST = 100; // characters that are compared

  public Choice {
    known = List.copyOf(known);
  }

  /**
   * The one of {@code values} whose {@code toString} is {@code given}.
   *
   * @throws UsageException if there is none, naming the known ones
   */
  public static <T> T of(String what, T[] values, String given) {
    return values[new Choice(what, names(values)).index(given)];
  }

  /** The names of {@code values}. */
  public static List<String> names(Object[] values) {
    return Arrays.stream(values).map(Object::toString).toList();
  }

  /**
   * The place of {@code given} among the known.
   *
   * @throws UsageException if it is not known, naming the known ones, the nearest first
   */
  public int index(String given) {
    int index = known.indexOf(given);
    if (index < 0) {
      String hint = nearest(given).map("did you mean %s? Known"::formatted).orElse("known");
      throw new UsageException(
          "unknown %s \"%s\"; %s: %s".formatted(what, given, hint, String.join(", ", known)));
    }
    return index;
  }

  /** The known name that most likely was meant, if one is near: up to a third of it mistyped. */
  public Optional<String> nearest(String given) {
    return near(given, 1).stream()
        .findFirst()
        .filter(name -> distance(given, name) <= Math.max(1, name.length() / 3));
  }

  /** The {@code count} known names that are most like {@code given}, the nearest first. */
  public List<String> near(String given, int count) {
    return known.stream()
        .sorted(Comparator.comparingInt(name -> distance(given, name)))
        .limit(count)
        .toList();
  }

  /**
   * The fewest insertions, deletions, replacements and swaps of characters from {@code given} to
   * {@code b}. Only the beginning of a long name counts, since the time grows with the product of
   * both lengths.
   */
  private static int distance(String given, String b) {
    String a = given.substring(0, Math.min(given.length(), LONGEST));
    int[][] fewest = new int[a.length() + 1][b.length() + 1]; // of i characters of a, j of b
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          fewest[i][j] = i + j;
          continue;
        }
        int replaced = fewest[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        int shifted = Math.min(fewest[i - 1][j], fewest[i][j - 1]) + 1;
        fewest[i][j] = Math.min(replaced, shifted);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          fewest[i][j] = Math.min(fewest[i][j], fewest[i - 2][j - 2] + 1);
        }
      }
    }
    return fewest[a.length()][b.length()];
  }
}
