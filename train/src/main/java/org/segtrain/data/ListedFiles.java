package org.segtrain.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.segtrain.data.internal.LeftOut;
import org.segtrain.data.internal.Listing;
import org.segtrain.data.internal.Listing.Pair;
import org.segtrain.data.internal.Listing.Stray;
import org.segtrain.data.internal.Listing.Trouble;
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
   * @throws DataException if it cannot be read, or names no image
   */
  Listing listing(Path list) {
    Map<String, Integer> lines = new LinkedHashMap<>();
    List<Pair> pairs = new ArrayList<>();
    List<Stray> strays = new ArrayList<>();
    int number = 0;
    for (String line : lines(list)) {
      number++;
      if (line.isBlank()) {
        continue;
      }
      Found found = found(line.strip());
      Integer before = lines.putIfAbsent(found.key(), number);
      if (before != null) {
        strays.add(
            stray(
                Trouble.WRONGLY_LISTED,
                found.key(),
                list,
                "%s names \"%s\" in the lines %d and %d"
                    .formatted(list, found.key(), before, number),
                "keep one"));
      } else if (found.images().size() > 1 || found.masks().size() > 1) {
        List<Path> twins = found.images().size() > 1 ? found.images() : found.masks();
        strays.add(
            new Stray(
                Trouble.TWIN,
                found.key(),
                twins,
                Spelling.twins(twins.get(0), twins.get(1)),
                "keep one"));
      } else if (found.images().isEmpty()) {
        strays.add(
            stray(
                Trouble.WRONGLY_LISTED,
                found.key(),
                list,
                "line %d of %s is \"%s\", but there is no %s"
                    .formatted(number, list, line.strip(), dir.resolve(images.path(found.key()))),
                "correct the list or add the image"));
      } else if (found.masks().isEmpty()) {
        Path image = found.images().get(0);
        strays.add(
            stray(
                Trouble.NO_MASK,
                found.key(),
                image,
                image + " has no mask",
                "add %s or take it out of %s"
                    .formatted(dir.resolve(masks.path(found.key())), list)));
      } else {
        pairs.add(new Pair(found.key(), found.images().get(0), found.masks().get(0)));
      }
    }
    if (lines.isEmpty()) {
      throw new DataException("%s names no image; write one name a line".formatted(list));
    }
    return new Listing(pairs, strays, new LeftOut());
  }

  private static Stray stray(Trouble trouble, String key, Path file, String cause, String remedy) {
    return new Stray(trouble, key, List.of(file), cause, remedy);
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

  /** What a line names: one of each, none where it is not there, several where it is not clear. */
  private record Found(String key, List<Path> images, List<Path> masks) {}

  private Found found(String line) {
    String key = images.keys().of(line).orElse(line);
    List<Path> image = there(images, key);
    if (image.isEmpty() && key.matches(".+\\.[^./]+")) {
      key = key.substring(0, key.lastIndexOf('.'));
      image = there(images, key);
    }
    return new Found(key, image, image.isEmpty() ? List.of() : there(masks, key));
  }

  private List<Path> there(PathPattern pattern, String key) {
    if (key.split("/", -1).length <= pattern.stars()) {
      return List.of();
    }
    Path whole = dir.resolve(pattern.path(key));
    return pattern.hasExtension() && Files.isRegularFile(whole)
        ? List.of(whole)
        : listed(pattern, key);
  }

  /**
   * The files of any extension, or in capitals, or whose letters are composed or decomposed: all
   * are listed once.
   */
  private List<Path> listed(PathPattern pattern, String key) {
    Path folder = dir.resolve(pattern.folder());
    return Files.isDirectory(folder)
        ? spelled
            .computeIfAbsent(pattern, unused -> spelled(folder, pattern))
            .getOrDefault(Spelling.of(key), List.of())
        : List.of();
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
