package org.segtrain.cli.commands;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.segtrain.data.ImageFiles;
import org.segtrain.errors.DataException;

/** The images that files and folders name. */
public final class Inputs {

  /**
   * One image.
   *
   * @param name what its results are called: its path below the folder that was given, no extension
   */
  record Image(Path file, String name) {}

  private Inputs() {}

  /**
   * Lists images in the order given, those of a folder by name.
   *
   * @throws DataException if one is missing, there is none in a folder, or two would have results
   *     of one name
   */
  public static List<Image> find(List<Path> inputs) {
    List<Image> images = new ArrayList<>();
    for (Path input : inputs) {
      if (Files.isDirectory(input)) {
        images.addAll(inFolder(input));
      } else if (!Files.exists(input)) {
        throw new DataException("cannot read %s: there is no such file or folder".formatted(input));
      } else {
        images.add(new Image(input, name(input.getFileName())));
      }
    }
    refuseTwins(images);
    return images;
  }

  private static List<Image> inFolder(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      List<Image> images =
          files
              .filter(file -> Files.isRegularFile(file) && ImageFiles.isImage(file))
              .sorted()
              .map(file -> new Image(file, name(folder.relativize(file))))
              .toList();
      if (images.isEmpty()) {
        throw new DataException(
            "%s has no images; name a folder with JPEG or PNG files".formatted(folder));
      }
      return images;
    } catch (IOException | UncheckedIOException e) {
      throw new DataException("cannot list %s: %s".formatted(folder, e.getMessage()), e);
    }
  }

  private static String name(Path file) {
    return file.toString().replaceFirst("\\.[^./\\\\]+$", "");
  }

  private static void refuseTwins(List<Image> images) {
    Map<String, Path> seen = new HashMap<>();
    for (Image image : images) {
      Path twin = seen.put(image.name(), image.file());
      if (twin != null) {
        throw new DataException(
            "the results of %s and %s would both be called %s; rename one, or predict them apart"
                .formatted(twin, image.file(), image.name()));
      }
    }
  }
}
