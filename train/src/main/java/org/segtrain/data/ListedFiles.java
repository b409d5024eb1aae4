package org.segtrain.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.segtrain.errors.DataException;
import org.segtrain.errors.IoReason;

/**
 * The files that a list names, one a line: by the name alone, with an extension, or by the whole
 * path of the image below the folder of the data. Lines may end as on Windows.
 */
final class ListedFiles {

  private final Path dir;
  private final PathPattern images;
  private final PathPattern masks;
  private final Map<PathPattern, Map<String, List<Path>>> spelled = new HashMap<>();

  ListedFiles(Path dir, PathPattern images, PathPattern masks) {
    this.dir = dir;
    this.images = images;
    this.masks = masks;
  }

  /**
   * Reads a list.
   *
   * @throws DataException if it cannot be read, names an image twice, or a file that is not there
   */
  List<Layout.Pair> pairs(Path list) {
    Map<String, Integer> lines = new LinkedHashMap<>();
    List<Layout.Pair> pairs = new ArrayList<>();
    int number = 0;
    for (String line : lines(list)) {
      number++;
      if (line.isBlank()) {
        continue;
      }
      Layout.Pair pair = pair(list, number, line.strip());
      Integer before = lines.put(pair.name(), number);
      if (before != null) {
        throw new DataException(
            "%s names \"%s\" in the lines %d and %d; keep one"
                .formatted(list, pair.name(), before, number));
      }
      pairs.add(pair);
    }
    if (pairs.isEmpty()) {
      throw new DataException("%s names no image; write one name a line".formatted(list));
    }
    return List.copyOf(pairs);
  }

  private static List<String> lines(Path list) {
    try {
      return Files.readString(list).replace("\uFEFF", "").lines().toList();
    } catch (IOException e) {
      throw new DataException(
          "cannot read the list %s: %s; write one name a line, as UTF-8"
              .formatted(list, IoReason.of(e)),
          e);
    }
  }

  private Layout.Pair pair(Path list, int number, String line) {
    String key = images.keys().of(line).orElse(line);
    Optional<Path> image = there(images, key);
    if (image.isEmpty() && key.matches(".+\\.[^./]+")) {
      key = key.substring(0, key.lastIndexOf('.'));
      image = there(images, key);
    }
    if (image.isEmpty()) {
      throw new DataException(
          "line %d of %s is \"%s\", but there is no %s; correct the list or add the image"
              .formatted(number, list, line, dir.resolve(images.path(key))));
    }
    Optional<Path> mask = there(masks, key);
    if (mask.isEmpty()) {
      throw new DataException(
          "%s has no mask; add %s or take it out of %s"
              .formatted(image.get(), dir.resolve(masks.path(key)), list));
    }
    return new Layout.Pair(key, image.get(), mask.get());
  }

  private Optional<Path> there(PathPattern pattern, String key) {
    if (key.split("/", -1).length <= pattern.stars()) {
      return Optional.empty();
    }
    return Optional.of(pattern)
        .filter(PathPattern::hasExtension)
        .map(whole -> dir.resolve(whole.path(key)))
        .filter(Files::isRegularFile)
        .or(() -> listed(pattern, key));
  }

  /**
   * The file of any extension, or in capitals, or whose letters are composed or decomposed: all are
   * listed once.
   */
  private Optional<Path> listed(PathPattern pattern, String key) {
    Path folder = dir.resolve(pattern.folder());
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    List<Path> files =
        spelled
            .computeIfAbsent(pattern, unused -> spelled(folder, pattern))
            .getOrDefault(Spelling.of(key), List.of());
    if (files.size() > 1) {
      throw Spelling.twins(files.get(0), files.get(1));
    }
    return files.stream().findFirst();
  }

  private Map<String, List<Path>> spelled(Path folder, PathPattern pattern) {
    Map<String, List<Path>> files = new HashMap<>();
    Below below = new Below(dir);
    PathPattern.Keys keys = pattern.keys();
    for (Path file : Layout.listed(folder).images()) {
      keys.of(below.of(file))
          .ifPresent(
              key ->
                  files.computeIfAbsent(Spelling.of(key), unused -> new ArrayList<>()).add(file));
    }
    return files;
  }
}
