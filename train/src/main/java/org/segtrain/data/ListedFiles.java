package org.segtrain.data;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.segtrain.data.internal.LeftOut;
import org.segtrain.data.internal.Listing;
import org.segtrain.data.internal.Listing.Pair;
import org.segtrain.data.internal.Listing.Stray;
import org.segtrain.data.internal.Listing.Trouble;
import org.segtrain.errors.DataException;
import org.segtrain.errors.IoReason;

/**
 * The files that a list names, one a line: by the name alone, with an extension, or by the path of
 * the image. A path begins in the folder of the data or holds all of it. Lines may end as on
 * Windows.
 */
final class ListedFiles {

  private final Path dir;
  private final PathPattern images;
  private final PathPattern masks;
  private final Map<PathPattern, Map<String, List<Path>>> spelled = new HashMap<>();
  private final Map<PathPattern, Map<String, Path>> lower = new HashMap<>();

  ListedFiles(Path dir, PathPattern images, PathPattern masks) {
    this.dir = dir;
    this.images = images;
    this.masks = masks;
  }

  /**
   * Reads a list.
   *
   * @throws DataException if it cannot be read
   */
  Listing listing(Path list) {
    Map<String, Integer> lines = new LinkedHashMap<>();
    List<Pair> pairs = new ArrayList<>();
    List<Stray> strays = new ArrayList<>();
    try {
      int number = 0;
      for (String text : TextFile.read(list).lines().toList()) {
        number++;
        if (!text.isBlank()) {
          add(new Line(list, number, text.strip()), lines, pairs, strays);
        }
      }
    } catch (CharacterCodingException e) {
      strays.add(of(list, list + " is no UTF-8 text", "save it so"));
      return new Listing(List.of(), strays, new LeftOut());
    } catch (IOException e) {
      throw new DataException(
          "cannot read the list %s: %s; let it be a readable file with one name a line"
              .formatted(list, IoReason.of(e)),
          e);
    }
    if (lines.isEmpty()) {
      strays.add(of(list, list + " names no image", "write one name a line"));
    }
    return new Listing(pairs, strays, new LeftOut());
  }

  private static Stray of(Path list, String cause, String remedy) {
    return new Stray(Trouble.WRONGLY_LISTED, "", List.of(list), cause, remedy);
  }

  /** A line of a list. */
  private record Line(Path list, int number, String text) {

    /** Empty if it has letters that no name of a file has in this locale. */
    Optional<Path> path() {
      try {
        return Optional.of(Path.of(text));
      } catch (InvalidPathException e) {
        return Optional.empty();
      }
    }

    Stray wrong(String key, String what, String remedy) {
      String cause = "line %d of %s is \"%s\", %s".formatted(number, list, text, what);
      return new Stray(Trouble.WRONGLY_LISTED, key, List.of(list), number, cause, remedy);
    }
  }

  private void add(Line line, Map<String, Integer> lines, List<Pair> pairs, List<Stray> strays) {
    if (line.path().isEmpty()) {
      strays.add(
          line.wrong(
              "",
              "which is no name of a file in the encoding of this locale",
              "correct the list, or choose a locale that knows all letters (LC_ALL=C.UTF-8)"));
      lines.putIfAbsent(line.text(), line.number());
      return;
    }
    Optional<String> path = below(line.text());
    Found found = found(path.orElse(line.text()));
    String key = found.key();
    Integer before = lines.putIfAbsent(key, line.number());
    if (path.isEmpty()) {
      strays.add(
          line.wrong(
              key,
              "which is not below " + dir,
              "name images by their paths below the folder of the data"));
    } else if (before != null) {
      strays.add(
          new Stray(
              Trouble.WRONGLY_LISTED,
              key,
              List.of(line.list()),
              line.number(),
              "%s names \"%s\" in the lines %d and %d"
                  .formatted(line.list(), key, before, line.number()),
              "keep one"));
    } else if (found.images().size() > 1 || found.masks().size() > 1) {
      List<Path> twins = found.images().size() > 1 ? found.images() : found.masks();
      String cause = Spelling.twins(twins.get(0), twins.get(1));
      strays.add(new Stray(Trouble.TWIN, key, twins, cause, "keep one"));
    } else if (found.images().isEmpty()) {
      strays.add(missing(line, key));
    } else if (found.masks().isEmpty()) {
      Path image = found.images().get(0);
      Optional<Path> alike = otherCase(masks, key);
      String remedy =
          "add %s or take it out of %s".formatted(dir.resolve(masks.path(key)), line.list());
      strays.add(
          alike
              .map(mask -> Stray.ofOtherCase(key, image, mask))
              .orElseGet(
                  () ->
                      new Stray(
                          Trouble.NO_MASK, key, List.of(image), image + " has no mask", remedy)));
    } else {
      pairs.add(new Pair(key, found.images().get(0), found.masks().get(0)));
    }
  }

  private Stray missing(Line line, String key) {
    if (line.text().contains("\\")) {
      return line.wrong(
          key, "which has backslashes", "write / between folders, and the name behind the last");
    }
    String[] columns = line.text().split("[\\s,;]+");
    boolean areNames =
        columns.length > 1
            && below(columns[0]).filter(name -> !found(name).images().isEmpty()).isPresent();
    return areNames || Arrays.stream(columns).filter(ListedFiles::isNamedImage).count() > 1
        ? line.wrong(
            key,
            "which is more than one name",
            "write one name a line; its mask is found by files.masks")
        : line.wrong(
            key,
            "but there is no %s%s"
                .formatted(
                    dir.resolve(images.path(key)),
                    otherCase(images, key).map(" (%s differs in case)"::formatted).orElse("")),
            "correct the list or add the image");
  }

  private static boolean isNamedImage(String text) {
    return ImageFormat.promisedBy(text).isPresent();
  }

  /** A path of a list without the folder of the data, if it begins there; empty if elsewhere. */
  private Optional<String> below(String text) {
    Path path = Path.of(text);
    if (!path.isAbsolute()) {
      return Optional.of(text.replaceFirst("^(\\./)+", ""));
    }
    Path whole = path.normalize();
    return Stream.of(dir.toAbsolutePath().normalize(), real(dir))
        .filter(whole::startsWith)
        .findFirst()
        .map(root -> new Below(root).of(whole));
  }

  private static Path real(Path folder) {
    try {
      return folder.toRealPath();
    } catch (IOException e) {
      return folder; // whoever lists it says why
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
    if (image.isEmpty()) { // a path without its ending
      Optional<String> bare = images.keys().of(line + ending());
      List<Path> there = bare.map(name -> there(images, name)).orElse(List.of());
      key = there.isEmpty() ? key : bare.get();
      image = there;
    }
    return new Found(key, image, image.isEmpty() ? List.of() : there(masks, key));
  }

  /** That of the images, or any, where all are read. */
  private String ending() {
    String text = images.text();
    return images.hasExtension() ? text.substring(text.lastIndexOf('.')) : ".png";
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

  /** A file whose name differs from that of the key in case alone. */
  private Optional<Path> otherCase(PathPattern pattern, String key) {
    Path folder = dir.resolve(pattern.folder());
    return Files.isDirectory(folder)
        ? Optional.ofNullable(
            lower
                .computeIfAbsent(pattern, unused -> lower(folder, pattern))
                .get(lower(Spelling.of(key))))
        : Optional.empty();
  }

  private Map<String, Path> lower(Path folder, PathPattern pattern) {
    Map<String, Path> files = new HashMap<>();
    spelled(folder, pattern).forEach((key, some) -> files.put(lower(key), some.get(0)));
    return files;
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  private Map<String, List<Path>> spelled(Path folder, PathPattern pattern) {
    Map<String, List<Path>> files = new HashMap<>();
    Below below = new Below(dir);
    PathPattern.Keys keys = pattern.keys();
    for (Path file : FoundFiles.listed(folder).images()) {
      keys.of(below.of(file))
          .ifPresent(
              key ->
                  files.computeIfAbsent(Spelling.of(key), unused -> new ArrayList<>()).add(file));
    }
    return files;
  }
}
