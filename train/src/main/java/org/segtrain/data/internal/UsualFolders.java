package org.segtrain.data.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.segtrain.data.ImageFiles;
import org.segtrain.data.Split;

/** The names of folders of a data set that segtrain finds by itself. */
public final class UsualFolders {

  /** Folder of images. */
  public static final String IMAGES = "images";

  /** Folders of masks; the first is that which is to be made. */
  public static final List<String> MASKS = List.of("annotations", "masks", "labels");

  private static final String CLASSES = "classes.txt";

  private UsualFolders() {}

  /** The folder of data in {@code folder}; what is put beside it may be taken for its masks. */
  public static Optional<Path> dataIn(Path folder) {
    Stream<Path> images = Stream.of(folder.resolve(IMAGES)).filter(Files::isDirectory);
    return Stream.concat(images, masksIn(folder)).findFirst();
  }

  /**
   * The folder of images or masks that {@code folder} is, or lies in, wherever links lead; empty if
   * there is none.
   */
  public static Optional<Path> dataAround(Path folder) {
    return Stream.iterate(real(folder), path -> path.getParent() != null, Path::getParent)
        .filter(UsualFolders::isOfData)
        .findFirst();
  }

  private static boolean isOfData(Path folder) {
    String name = folder.getFileName().toString();
    Path beside = folder.getParent();
    String outer = String.valueOf(beside.getFileName()); // the root has none
    if ((name.equals(IMAGES) && isSplit(outer)) || (outer.equals(IMAGES) && isSplit(name))) {
      return true;
    }
    return name.equals(IMAGES)
        ? masksIn(beside).findAny().isPresent() || Files.exists(beside.resolve(CLASSES))
        : MASKS.contains(name)
            && !Results.isPart(folder)
            && Files.isDirectory(beside.resolve(IMAGES));
  }

  private static boolean isSplit(String name) {
    return Stream.of(Split.values()).anyMatch(split -> split.folders().contains(name));
  }

  private static Stream<Path> masksIn(Path folder) {
    return MASKS.stream()
        .map(folder::resolve)
        .filter(masks -> isFilled(masks) && !Results.isPart(masks));
  }

  /** Whether there are images in it, or in a folder in it, which may be that of a split. */
  private static boolean isFilled(Path folder) {
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (Stream<Path> files = Files.walk(folder, 2)) {
      return files.anyMatch(ImageFiles::isImage);
    } catch (IOException | UncheckedIOException e) {
      return true; // nobody knows
    }
  }

  /** Without links, as far as it is there. */
  public static Path real(Path path) {
    Path whole = path.toAbsolutePath();
    try {
      return whole.toRealPath(); // behind a link, .. is beside where that leads
    } catch (IOException e) {
      Path parent = whole.getParent();
      return parent == null ? whole : real(parent).resolve(whole.getFileName()).normalize();
    }
  }
}
