package org.segtrain.data.internal;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.segtrain.data.ImageFormat;
import org.segtrain.data.internal.LeftOut.Kind;
import org.segtrain.errors.DataException;

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
   * @throws DataException if the name of an image is not text
   */
  public static ImageListing of(Path folder) throws IOException {
    return of(folder, 1, path -> false);
  }

  /**
   * Lists a folder with those inside.
   *
   * @param results what is an earlier result and no input
   * @throws IOException if one of them cannot be listed
   * @throws DataException if the name of an image is not text
   */
  public static ImageListing ofTree(Path folder, Predicate<Path> results) throws IOException {
    return of(folder, Integer.MAX_VALUE, results);
  }

  private static ImageListing of(Path folder, int depth, Predicate<Path> results)
      throws IOException {
    Visitor visitor = new Visitor(folder, results);
    Files.walkFileTree(folder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), depth, visitor);
    visitor.images.sort(null);
    return new ImageListing(visitor.images, visitor.leftOut);
  }

  /** Puts each entry where it belongs. */
  private static final class Visitor extends SimpleFileVisitor<Path> {

    private final Path root;
    private final Predicate<Path> results;
    private final List<Path> images = new ArrayList<>();
    private final LeftOut leftOut = new LeftOut();

    Visitor(Path root, Predicate<Path> results) {
      this.root = root;
      this.results = results;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
      if (folder.equals(root)) {
        return FileVisitResult.CONTINUE;
      }
      Optional<Kind> kind = byName(folder);
      kind.ifPresent(leftOut::add);
      return kind.isPresent() ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      if (file.equals(root)) {
        throw new NotDirectoryException(file.toString());
      }
      Optional<Kind> kind = byName(file).or(() -> byAttributes(attributes));
      if (kind.isPresent()) {
        leftOut.add(kind.get());
        return FileVisitResult.CONTINUE;
      }
      Optional<ImageFormat> format = ImageFormat.promisedBy(file);
      if (file.getFileName().toString().equals(CLASSES)) {
        return FileVisitResult.CONTINUE; // read by others
      } else if (format.isEmpty()) {
        leftOut.add(Kind.OTHER, ImageFormat.ending(file));
      } else if (!format.get().isRead()) {
        leftOut.addUnread(file);
      } else {
        requireText(file);
        images.add(file);
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
      if (e instanceof FileSystemLoopException && !file.equals(root)) {
        leftOut.add(Kind.LOOP);
        return FileVisitResult.CONTINUE;
      }
      throw e;
    }

    private Optional<Kind> byName(Path path) {
      String name = path.getFileName().toString();
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
    private void requireText(Path file) {
      if (isPlain(file.toString())) {
        return; // the usual case, and fast for a hundred thousand of them
      }
      Path below = root.relativize(file);
      String name = below.toString();
      if (name.chars().anyMatch(Character::isISOControl)) {
        throw new DataException(
            "%s has a file whose name has a line break or another control character, %s; rename it"
                .formatted(root, printable(file)));
      }
      if (!isKept(below, name)) {
        String encoding = System.getProperty("sun.jnu.encoding");
        throw new DataException(
            "%s has a file whose name, %s, is no text in %s, the encoding of this locale; rename it%s"
                .formatted(
                    root,
                    printable(file),
                    encoding,
                    "UTF-8".equals(encoding)
                        ? ""
                        : ", or choose a locale that knows all letters (LC_ALL=C.UTF-8)"));
      }
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
