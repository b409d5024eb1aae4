package org.segtrain.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Folders, or lists, in the place of splits that are called otherwise, such as {@code train2017}.
 *
 * @param names what stands in the place of {@code {split}}, in the order of letters
 */
record OtherSplits(List<String> names) {

  private static final String SPLIT = "{split}";
  private static final int SHOWN = 8;

  /** Those of a pattern of a folder or file in {@code dir}. */
  static OtherSplits of(Path dir, String place) {
    int at = place.indexOf(SPLIT);
    int from = place.lastIndexOf('/', at) + 1;
    int to = place.indexOf('/', at) < 0 ? place.length() : place.indexOf('/', at);
    Path folder = dir.resolve(place.substring(0, from));
    String before = place.substring(from, at);
    String after = place.substring(at + SPLIT.length(), to);
    List<String> names = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString();
        if (name.length() > before.length() + after.length()
            && name.startsWith(before)
            && name.endsWith(after)) {
          String split = name.substring(before.length(), name.length() - after.length());
          Path whole = dir.resolve(place.replace(SPLIT, split));
          boolean isFile = !after.isEmpty() && to == place.length();
          if (!split.startsWith(".")
              && (isFile ? Files.isRegularFile(whole) : Files.isDirectory(whole))) {
            names.add(split);
          }
        }
      }
    } catch (IOException e) {
      return new OtherSplits(List.of()); // nothing to propose from
    }
    return new OtherSplits(List.copyOf(names));
  }

  /** Those that are not among {@code known}. */
  OtherSplits without(Collection<String> known) {
    return new OtherSplits(names.stream().filter(name -> !known.contains(name)).toList());
  }

  boolean isEmpty() {
    return names.isEmpty();
  }

  /** "train2017 and val2017". */
  @Override
  public String toString() {
    String shown = String.join(", ", names.subList(0, Math.min(SHOWN, names.size())));
    return names.size() > SHOWN
        ? "%s and %d more".formatted(shown, names.size() - SHOWN)
        : shown.replaceFirst(", ([^,]+)$", " and $1");
  }

  /** "files.splits train2017,val2017", if it is clear which is which. */
  Optional<String> keys() {
    Optional<String> training = like("train");
    Optional<String> validation = like("val");
    if (training.isEmpty() || validation.isEmpty()) {
      return Optional.empty();
    }
    String test = like("test").map(","::concat).orElse("");
    return Optional.of("files.splits %s,%s%s".formatted(training.get(), validation.get(), test));
  }

  private Optional<String> like(String usual) {
    List<String> like =
        names.stream().filter(name -> name.toLowerCase(Locale.ROOT).startsWith(usual)).toList();
    return like.size() == 1 && !like.get(0).contains(",")
        ? Optional.of(like.get(0))
        : Optional.empty();
  }
}
