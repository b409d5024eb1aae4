package org.segtrain.cli.commands;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.segtrain.data.ImageFormat;
import org.segtrain.data.internal.ImageListing;
import org.segtrain.data.internal.LeftOut;
import org.segtrain.errors.DataException;
import org.segtrain.errors.IoReason;
import org.segtrain.inference.Predictions;

/** The images that files and folders name. */
public final class Inputs {

  /**
   * One image.
   *
   * @param name what its results are called: its path below the folder that was given, no extension
   */
  record Image(Path file, String name) {}

  private Inputs() {}

  /** What was named: the images, and what else the folders hold. */
  record Found(List<Image> images, LeftOut leftOut) {

    /** What is wrong with images whose names are no text. */
    List<String> badNames() {
      return leftOut.badNames().stream().map(LeftOut.BadName::sentence).toList();
    }

    /** The files by the names of their results. */
    Map<String, Path> byName() {
      Map<String, Path> files = new LinkedHashMap<>();
      images.forEach(image -> files.put(image.name(), image.file()));
      return files;
    }
  }

  /**
   * Lists images in the order given, those of a folder by name.
   *
   * @throws DataException if one is missing, there is none in a folder, or two would have results
   *     of one name
   */
  public static Found find(List<Path> inputs) {
    List<Image> images = new ArrayList<>();
    LeftOut leftOut = new LeftOut();
    for (Path input : inputs) {
      if (Files.isDirectory(input)) {
        images.addAll(inFolder(input, leftOut));
      } else if (!Files.exists(input)) {
        throw new DataException("cannot read %s: there is no such file or folder".formatted(input));
      } else {
        images.add(new Image(input, name(input.getFileName())));
      }
    }
    refuseTwins(images);
    return new Found(images, leftOut);
  }

  private static List<Image> inFolder(Path folder, LeftOut leftOut) {
    try {
      ImageListing listing = ImageListing.ofTree(folder, Predictions::isResult);
      if (listing.images().isEmpty()) {
        for (LeftOut.BadName bad : listing.leftOut().badNames()) {
          throw new DataException(bad.sentence());
        }
        throw new DataException(
            "%s has no images%s; name a folder with files of %s"
                .formatted(
                    folder,
                    listing.leftOut().isEmpty() ? "" : ", but " + listing.leftOut(),
                    ImageFormat.readOnes()));
      }
      leftOut.add(listing.leftOut());
      return listing.images().stream()
          .map(file -> new Image(file, name(folder.relativize(file))))
          .toList();
    } catch (IOException e) {
      throw new DataException("cannot list %s: %s".formatted(folder, IoReason.of(e)), e);
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
