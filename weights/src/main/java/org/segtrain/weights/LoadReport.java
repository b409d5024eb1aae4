package org.segtrain.weights;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.segtrain.errors.Counted;

/**
 * The result of loading a file of weights. Names are the model's, but for arrays that only the file
 * has.
 *
 * @param file it was read from
 * @param container the part of the file that was read, empty for the whole file
 * @param loaded arrays that were taken, those converted among them
 * @param converted of these, the conversion of each: a sentence
 * @param kept arrays that the model makes itself and the file lacks or has for another window
 * @param missing arrays that stay new because the file has no head, or no auxiliary head
 * @param reinitialised classifiers that stay new because they tell another number of classes apart
 * @param dropped arrays of the file that belong to a classification model
 * @param leftOver other arrays of the file that the model has no place for
 * @param others the parts of the file that were not looked at, such as {@code optimizer}
 */
public record LoadReport(
    Path file,
    String container,
    List<String> loaded,
    List<String> converted,
    List<String> kept,
    List<String> missing,
    List<String> reinitialised,
    List<String> dropped,
    List<String> leftOver,
    List<String> others) {

  private static final int MOST_PLACES = 6;

  public LoadReport {
    loaded = List.copyOf(loaded);
    converted = List.copyOf(converted);
    kept = List.copyOf(kept);
    missing = List.copyOf(missing);
    reinitialised = List.copyOf(reinitialised);
    dropped = List.copyOf(dropped);
    leftOver = List.copyOf(leftOver);
    others = List.copyOf(others);
  }

  /** The report for people, a line for each matter. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    String part = container.isEmpty() ? "" : ", its part " + container;
    lines.add(
        "weights from %s%s: %s loaded".formatted(file, part, Counted.of(loaded.size(), "array")));
    converted.forEach(sentence -> lines.add("converted: " + sentence));
    add(lines, "not in the file and kept as they are", kept);
    add(lines, "new, since the file has none", missing);
    add(lines, "new, since the file has another number of classes or logits", reinitialised);
    add(lines, "dropped, since only classification needs them", dropped);
    add(lines, "left over in the file", leftOver);
    if (!others.isEmpty()) {
      lines.add("not looked at: " + Container.list(others));
    }
    return lines;
  }

  private static void add(List<String> lines, String what, List<String> names) {
    if (!names.isEmpty()) {
      lines.add("%s: %s".formatted(what, summary(names)));
    }
  }

  /** Up to two names, else how many of which places, of which some are named. */
  static String summary(Collection<String> names) {
    if (names.size() <= 2) {
      return String.join(", ", names);
    }
    List<String> places = names.stream().map(Names::place).distinct().toList();
    String some = String.join(", ", places.subList(0, Math.min(MOST_PLACES, places.size())));
    return "%s of %s%s"
        .formatted(
            Counted.of(names.size(), "array"), some, places.size() > MOST_PLACES ? ", ..." : "");
  }
}
