package org.segtrain.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.segtrain.errors.DataException;
import org.segtrain.errors.IoReason;

/**
 * The files that a list names, one a line: by the name alone, with an extension, or by the whole
 * path of the image below the folder of the data.
 */
record ListedFiles(Path dir, PathPattern images, PathPattern masks) {

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
    Path file = dir.resolve(pattern.path(key));
    return (pattern.hasExtension() ? List.of("") : ImageFormat.readEndings())
        .stream()
            .map(extension -> file.resolveSibling(file.getFileName() + extension))
            .filter(Files::isRegularFile)
            .findFirst();
  }
}
