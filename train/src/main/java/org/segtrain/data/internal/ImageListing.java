package org.segtrain.data.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.segtrain.data.ImageFormat;
import org.segtrain.data.internal.LeftOut.Kind;

/**
 * The images of a folder in the order of their names, by the endings of these, and what else is
 * there. Links are followed. Nothing of what is left out is opened.
 *
 * @param images files whose names are text in the encoding of this JVM
 * @param leftOut the rest
 */
public record ImageListing(List<Path> images, LeftOut leftOut) {

  /** The list of the classes beside images. */
  private static final String CLASSES = "classes.txt";

  private static final Set<String> SYSTEM =
      Set.of("thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r", "__macosx", "@eadir");

  public ImageListing {
    images = List.copyOf(images);
  }

  /**
   * Lists a folder without those inside.
   *
   * @throws IOException if it cannot be listed
   */
  public static ImageListing of(Path folder) throws IOException {
    return of(folder, 1, path -> false);
  }

  /**
   * Lists a folder with those inside.
   *
   * @param results what is an earlier result and no input
   * @throws IOException if one of them cannot be listed
   */
  public static ImageListing ofTree(Path folder, Predicate<Path> results) throws IOException {
    return of(folder, Integer.MAX_VALUE, results);
  }

  private static ImageListing of(Path folder, int depth, Predicate<Path> results)
      throws IOException {
    Walk walk = new Walk(folder, results);
    try {
      walk.list(folder, depth, above(folder), true);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return new ImageListing(walk.images, walk.leftOut);
  }

  /** Keys of the folders that it is in: a link to one of them leads back. */
  private static List<Object> above(Path folder) throws IOException {
    List<Object> keys = new ArrayList<>();
    Path parent = folder.toRealPath().getParent();
    for (; parent != null; parent = parent.getParent()) {
      keys.add(key(parent, Entry.attributes(parent)));
    }
    return keys;
  }

  private static Object key(Path folder, BasicFileAttributes attributes) throws IOException {
    return attributes.fileKey() == null ? folder.toRealPath() : attributes.fileKey();
  }

  /**
   * Something in a folder, and what it is, wherever links lead.
   *
   * @param place by which it is sorted, so that files of folders inside are in the order of paths
   */
  private record Entry(Path path, String name, String place, BasicFileAttributes attributes) {

    static Entry of(Path path) {
      try {
        String name = path.getFileName().toString();
        BasicFileAttributes attributes = attributes(path);
        return new Entry(path, name, attributes.isDirectory() ? name + "/" : name, attributes);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    static BasicFileAttributes attributes(Path path) throws IOException {
      try {
        return Files.readAttributes(path, BasicFileAttributes.class);
      } catch (IOException e) { // a link to nothing, perhaps
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      }
    }
  }

  /**
   * Puts each entry where it belongs. To ask what entries are takes most of the time, so all cores
   * ask.
   */
  private static final class Walk {

    private final Path root;
    private final Predicate<Path> results;
    private final List<Path> images = new ArrayList<>();
    private final LeftOut leftOut = new LeftOut();

    Walk(Path root, Predicate<Path> results) {
      this.root = root;
      this.results = results;
    }

    /**
     * Lists a folder.
     *
     * @param depth how many folders deep
     * @param above keys of the folders that it is in
     * @param isPlain whether the names of all of them below the root are plain
     */
    void list(Path folder, int depth, List<Object> above, boolean isPlain) throws IOException {
      BasicFileAttributes own = Entry.attributes(folder);
      if (!own.isDirectory()) {
        throw new NotDirectoryException(folder.toString());
      }
      List<Object> keys = new ArrayList<>(above);
      keys.add(key(folder, own));
      if (above.contains(keys.get(above.size()))) {
        leftOut.add(Kind.LOOP, folder);
        return;
      }
      for (Entry entry : entries(folder)) {
        if (entry.attributes().isDirectory() && depth > 1) {
          list(entry.path(), depth - 1, keys, isPlain && isPlain(entry.name()));
        } else {
          add(entry, isPlain);
        }
      }
    }

    /** All but what is left out by its name, which is not asked what it is. */
    private List<Entry> entries(Path folder) throws IOException {
      List<Path> paths = new ArrayList<>();
      try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
        for (Path path : stream) {
          byName(path, path.getFileName().toString())
              .ifPresentOrElse(kind -> leftOut.add(kind, path), () -> paths.add(path));
        }
      } catch (DirectoryIteratorException e) {
        throw e.getCause();
      }
      return paths.parallelStream()
          .map(Entry::of)
          .sorted(Comparator.comparing(Entry::place))
          .toList();
    }

    private void add(Entry entry, boolean isPlain) {
      Optional<Kind> kind = byAttributes(entry.attributes());
      Optional<ImageFormat> format = ImageFormat.promisedBy(entry.name());
      if (kind.isPresent()) {
        leftOut.add(kind.get(), entry.path());
      } else if (entry.name().equals(CLASSES)) {
        return; // read by others
      } else if (format.isEmpty()) {
        leftOut.add(Kind.OTHER, entry.path(), ImageFormat.ending(entry.name()));
      } else if (!format.get().isRead()) {
        leftOut.addUnread(entry.path());
      } else if (isPlain && isPlain(entry.name())) {
        images.add(entry.path()); // the usual case, and fast for a hundred thousand of them
      } else {
        badName(entry.path()).ifPresentOrElse(leftOut::add, () -> images.add(entry.path()));
      }
    }

    private Optional<Kind> byName(Path path, String name) {
      if (name.startsWith(".")) {
        return Optional.of(Kind.HIDDEN);
      } else if (SYSTEM.contains(name.toLowerCase(Locale.ROOT))) {
        return Optional.of(Kind.SYSTEM);
      }
      return results.test(path) ? Optional.of(Kind.RESULT) : Optional.empty();
    }

    private static Optional<Kind> byAttributes(BasicFileAttributes attributes) {
      if (attributes.isRegularFile()) {
        return Optional.empty();
      } else if (attributes.isDirectory()) { // at the greatest depth
        return Optional.of(Kind.FOLDER);
      }
      return Optional.of(attributes.isSymbolicLink() ? Kind.BROKEN : Kind.SPECIAL);
    }

    /** Names are compared and written as text, so a name that lost bytes is not one. */
    private Optional<LeftOut.BadName> badName(Path file) {
      Path below = root.relativize(file);
      String name = below.toString();
      if (name.chars().anyMatch(Character::isISOControl)) {
        return Optional.of(
            new LeftOut.BadName(
                file,
                "%s has a file whose name has a line break or another control character, %s"
                    .formatted(root, printable(file)),
                "rename it"));
      }
      if (!isKept(below, name)) {
        String encoding = System.getProperty("sun.jnu.encoding");
        return Optional.of(
            new LeftOut.BadName(
                file,
                "%s has a file whose name, %s, is no text in %s, the encoding of this locale"
                    .formatted(root, printable(file), encoding),
                "UTF-8".equals(encoding)
                    ? "rename it"
                    : "rename it, or choose a locale that knows all letters (LC_ALL=C.UTF-8)"));
      }
      return Optional.empty();
    }

    /** Whether all characters are those of ASCII that can be printed; none of them is lost. */
    private static boolean isPlain(String name) {
      for (int i = 0; i < name.length(); i++) {
        if (name.charAt(i) < ' ' || name.charAt(i) > '~') {
          return false;
        }
      }
      return true;
    }

    private static boolean isKept(Path path, String name) {
      try {
        return path.getFileSystem().getPath(name).equals(path);
      } catch (InvalidPathException e) {
        return false;
      }
    }

    /** The name with its odd bytes in hexadecimal, as in addresses. */
    private static String printable(Path file) {
      String address = file.toUri().getRawPath();
      return address.substring(address.lastIndexOf('/') + 1);
    }
  }
}
