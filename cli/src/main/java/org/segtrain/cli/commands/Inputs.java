package org.segtrain.cli.commands;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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

  /**
   * What was named.
   *
   * @param leftOut what else the folders hold
   * @param twins what is wrong with images whose results would have the name of another's:
   *     sentences
   */
  record Found(List<Image> images, LeftOut leftOut, List<String> twins) {

    /** What is wrong with images that are not predicted: sentences. */
    List<String> refused() {
      List<String> all = new ArrayList<>(twins);
      leftOut.badNames().forEach(bad -> all.add(bad.sentence()));
      return all;
    }

    /** The files by the names of their results. */
    Map<String, Path> byName() {
      Map<String, Path> files = new LinkedHashMap<>();
      images.forEach(image -> files.put(image.name(), image.file()));
      return files;
    }
  }

  /**
   * Lists images in the order given, those of a folder by name. Of two whose results would have one
   * name the first is taken.
   *
   * @throws DataException if one is missing, or there is none in a folder
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
    List<String> twins = new ArrayList<>();
    return new Found(withoutTwins(images, twins), leftOut, twins);
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

  private static List<Image> withoutTwins(List<Image> images, List<String> twins) {
    Map<String, Image> byName = new LinkedHashMap<>();
    for (Image image : images) {
      Image first = byName.putIfAbsent(image.name(), image);
      if (first != null) {
        twins.add(
            "the results of %s and %s would both be called %s; rename one, or predict them apart"
                .formatted(first.file(), image.file(), image.name()));
      }
    }
    return List.copyOf(byName.values());
  }
}
