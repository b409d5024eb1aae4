package org.segtrain.cli.commands;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.segtrain.data.ImageFormat;
import org.segtrain.data.internal.ImageListing;
import org.segtrain.data.internal.LeftOut;
import org.segtrain.errors.DataException;
import org.segtrain.errors.IoReason;
import org.segtrain.inference.Predictions;
import org.segtrain.inference.Shard;

/** The images in the given files and folders. */
public final class Inputs {

  /**
   * One image.
   *
   * @param name what its results are called: its path below the folder that was given, no extension
   */
  record Image(Path file, String name) {}

  private Inputs() {}

  /**
   * Images of one folder whose results would have the names of another's.
   *
   * @param images how many
   */
  record Clash(String sentence, int images) {}

  /**
   * The images that were given.
   *
   * @param leftOut other files of the folders
   * @param clashes faults of images whose results would have the names of others'
   */
  record Found(List<Image> images, LeftOut leftOut, List<Clash> clashes) {

    /** Those of a shard. The first shard has the faults too, so that they are told once. */
    Found of(Shard shard) {
      List<Image> own =
          IntStream.range(0, shard.size(images.size()))
              .mapToObj(i -> images.get(shard.index(i)))
              .toList();
      return shard.number() == 1
          ? new Found(own, leftOut, clashes)
          : new Found(own, new LeftOut(), List.of());
    }

    /** Faults of the images that are not predicted: sentences. */
    List<String> refused() {
      return leftOut.badNames().stream().map(LeftOut.BadName::sentence).toList();
    }

    /** How many images are not predicted. */
    int others() {
      return refused().size() + clashes.stream().mapToInt(Clash::images).sum();
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
      Missing.refuse(input);
      if (Files.isDirectory(input)) {
        images.addAll(inFolder(input, leftOut));
      } else {
        images.add(new Image(input, name(input.getFileName())));
      }
    }
    Map<String, Image> byName = new LinkedHashMap<>();
    Map<List<Path>, List<List<Image>>> twins = new LinkedHashMap<>();
    for (Image image : images) {
      Image first = byName.putIfAbsent(image.name(), image);
      if (first != null) {
        twins
            .computeIfAbsent(List.of(folder(first), folder(image)), unused -> new ArrayList<>())
            .add(List.of(first, image));
      }
    }
    List<Clash> clashes = twins.values().stream().map(Inputs::clash).toList();
    return new Found(List.copyOf(byName.values()), leftOut, clashes);
  }

  private static Path folder(Image image) {
    return image.file().toAbsolutePath().getParent();
  }

  /** Of pairs in the same two folders. */
  private static Clash clash(List<List<Image>> pairs) {
    Image first = pairs.get(0).get(0);
    Image other = pairs.get(0).get(1);
    String sentence =
        "the results of %s and %s would both be called %s"
            .formatted(first.file(), other.file(), first.name());
    int more = pairs.size() - 1;
    return new Clash(
        "%s%s; rename %s, or predict them apart"
            .formatted(
                sentence,
                more == 0 ? "" : ", and those of %d more there".formatted(more),
                more == 0 ? "one" : "them"),
        pairs.size());
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
}
