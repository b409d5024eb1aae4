package org.segtrain.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.segtrain.data.internal.LeftOut;
import org.segtrain.data.internal.Listing;
import org.segtrain.data.internal.Listing.Pair;
import org.segtrain.data.internal.Listing.Stray;
import org.segtrain.data.internal.Listing.Trouble;
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
                "%s names \"%s\" in the lines %d and %d; keep one"
                    .formatted(list, found.key(), before, number)));
      } else if (found.image().isEmpty()) {
        strays.add(
            stray(
                Trouble.WRONGLY_LISTED,
                found.key(),
                list,
                "line %d of %s is \"%s\", but there is no %s; correct the list or add the image"
                    .formatted(number, list, line.strip(), dir.resolve(images.path(found.key())))));
      } else if (found.mask().isEmpty()) {
        Path image = found.image().get();
        strays.add(
            stray(
                Trouble.NO_MASK,
                found.key(),
                image,
                "%s has no mask; add %s or take it out of %s"
                    .formatted(image, dir.resolve(masks.path(found.key())), list)));
      } else {
        pairs.add(new Pair(found.key(), found.image().get(), found.mask().get()));
      }
    }
    if (lines.isEmpty()) {
      throw new DataException("%s names no image; write one name a line".formatted(list));
    }
    return new Listing(pairs, strays, new LeftOut());
  }

  private static Stray stray(Trouble trouble, String key, Path file, String sentence) {
    return new Stray(trouble, key, List.of(file), sentence);
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

  /** What a line names, as far as it is there. */
  private record Found(String key, Optional<Path> image, Optional<Path> mask) {}

  private Found found(String line) {
    String key = images.keys().of(line).orElse(line);
    Optional<Path> image = there(images, key);
    if (image.isEmpty() && key.matches(".+\\.[^./]+")) {
      key = key.substring(0, key.lastIndexOf('.'));
      image = there(images, key);
    }
    return new Found(key, image, image.isEmpty() ? Optional.empty() : there(masks, key));
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
