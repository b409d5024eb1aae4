package org.segtrain.data;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.segtrain.data.internal.ImageListing;
import org.segtrain.data.internal.LeftOut;
import org.segtrain.data.internal.Listing;
import org.segtrain.data.internal.Listing.Pair;
import org.segtrain.data.internal.Listing.Stray;
import org.segtrain.data.internal.Listing.Trouble;
import org.segtrain.data.internal.Results;
import org.segtrain.errors.Counted;
import org.segtrain.errors.DataException;
import org.segtrain.errors.IoReason;

/** The files of a split that are in its folders, by the patterns of a {@link Layout}. */
final class FoundFiles {

  private final Layout layout;
  private final String name;
  private final Path dir;
  private final PathPattern ofImages;
  private final PathPattern ofMasks;

  /**
   * Those of one split.
   *
   * @param name of the split in the patterns
   */
  FoundFiles(Layout layout, String name) {
    this.layout = layout;
    this.name = name;
    this.dir = layout.dir();
    this.ofImages = layout.images().in(name);
    this.ofMasks = layout.masks().in(name);
  }

  /**
   * Finds them.
   *
   * @param split that they are of, for the sentence
   * @throws DataException if there are no images
   */
  Listing listing(Split split) {
    boolean together = ofImages.folder().equals(ofMasks.folder());
    ImageListing images = listed(dir.resolve(ofImages.folder()));
    ImageListing masks = together ? images : listedIfThere(dir.resolve(ofMasks.folder()));
    LeftOut leftOut = new LeftOut();
    leftOut.add(images.leftOut());
    if (!together) {
      leftOut.add(masks.leftOut());
    }
    List<Stray> strays = new ArrayList<>();
    for (LeftOut.BadName bad : leftOut.badNames()) {
      List<Path> file = List.of(bad.file());
      strays.add(new Stray(Trouble.BAD_NAME, "", file, bad.cause(), bad.remedy()));
    }
    Map<String, Keyed> imageFiles = files(images, ofImages, ofMasks, strays);
    Map<String, Keyed> maskFiles = files(masks, ofMasks, ofImages, strays);
    if (!ofImages.hasExtension()) {
      leftOut.unreadFiles().forEach(file -> strays.add(unread(file)));
    }
    if (imageFiles.isEmpty()) {
      new Listing(List.of(), strays, leftOut).requireWhole();
      throw new DataException(
          "%s has no %s%s; put the %s images there, or say with files.images what they are called"
              .formatted(
                  dir.resolve(ofImages.folder()),
                  described(ofImages),
                  others(images, leftOut),
                  split));
    }
    String instead = instead(imageFiles.values(), maskFiles.values(), masks);
    Map<String, Keyed> otherCases = otherCases(imageFiles, maskFiles);
    List<Pair> pairs = new ArrayList<>();
    imageFiles.forEach(
        (name, image) -> {
          Keyed mask = maskFiles.remove(name);
          Keyed alike = otherCases.get(lower(name));
          if (mask == null && alike != null) {
            maskFiles.remove(Spelling.of(alike.key()));
            strays.add(Stray.ofOtherCase(image.key(), image.file(), alike.file()));
          } else if (mask == null) {
            strays.add(withoutMask(image, instead));
          } else {
            pairs.add(new Pair(image.key(), image.file(), mask.file()));
          }
        });
    if (layout.strict()) {
      PathPattern.Keys keys = ofImages.keys();
      Below below = new Below(dir);
      for (Path unread : leftOut.unreadFiles()) {
        keys.of(below.of(unread)).map(Spelling::of).ifPresent(maskFiles::remove);
      }
      String place = together ? "its folder" : dir.resolve(ofImages.folder()).toString();
      maskFiles.values().forEach(mask -> strays.add(withoutImage(mask, place)));
    }
    return new Listing(pairs, strays, leftOut);
  }

  /** The content says what a file is, but the name whether it is an image at all. */
  private static Stray unread(Path file) {
    boolean isRaw = ImageFormat.promisedBy(file).equals(Optional.of(ImageFormat.RAW)); // in TIFF
    Optional<ImageFormat> content =
        isRaw ? Optional.empty() : ImageFormat.in(file).filter(ImageFormat::isRead);
    return new Stray(
        Trouble.UNREAD,
        "",
        List.of(file),
        content
            .map(format -> "%s is %s by its content".formatted(file, format))
            .orElse(file + " is of a format that is not read"),
        content
            .map(format -> "let its name end in ." + format.ending())
            .orElse("convert it to one of " + ImageFormat.readOnes()));
  }

  /** The remedy where no image has a mask; empty if nothing of the masks shows it. */
  private String instead(Collection<Keyed> without, Collection<Keyed> found, ImageListing masks) {
    Optional<Beside> beside = Beside.of(without.stream().map(Keyed::file).toList());
    if (found.isEmpty() && beside.isPresent() && layout.images().text().endsWith("/{name}")) {
      String folder = layout.images().text().replace("{name}", "");
      return ", or, if masks lie beside the images, give " + beside.get().keys(folder);
    }
    List<Path> results = layout.results(name);
    if (found.isEmpty() && !results.isEmpty()) {
      return ", or, if the earlier predictions in %s are to be the labels, give files.images %s and files.masks %s"
          .formatted(
              results.get(0),
              layout.images().text(),
              new MaskFolders(dir, layout.images().text())
                  .in(results.get(0).getFileName().toString())
                  .text());
    }
    if (found.isEmpty()) {
      return masks.leftOut().hasOther(".txt")
          ? ", or draw masks of the .txt files there; labels of Ultralytics and other polygons are not read"
          : layout.masksBeside(", or give ");
    }
    Set<String> keys =
        found.stream().map(mask -> Spelling.of(mask.key())).collect(Collectors.toSet());
    if (without.stream().anyMatch(image -> keys.contains(Spelling.of(image.key())))) {
      return "";
    }
    String key = without.iterator().next().key();
    return found.stream()
        .map(Keyed::key)
        .filter(mask -> mask.startsWith(key) && !mask.equals(key))
        .map(mask -> mask.substring(key.length()))
        .filter(
            end ->
                without.stream().allMatch(image -> keys.contains(Spelling.of(image.key() + end))))
        .findFirst()
        .map(
            end ->
                ", or give files.images %s and files.masks %s"
                    .formatted(
                        layout.images().text(),
                        layout
                            .masks()
                            .text()
                            .replace("{name}", "{name}" + end + ending(end, found))))
        .orElse("");
  }

  /** What has to stand behind an end with a dot, which would be taken for that of the files. */
  private static String ending(String end, Collection<Keyed> masks) {
    return end.contains(".") ? Beside.extension(masks.stream().map(Keyed::file).toList()) : "";
  }

  private Stray withoutMask(Keyed image, String instead) {
    String extension = ofMasks.hasExtension() ? "" : ".png";
    return new Stray(
        Trouble.NO_MASK,
        image.key(),
        List.of(image.file()),
        image.file() + " has no mask",
        "add %s or take the image out%s"
            .formatted(dir.resolve(ofMasks.path(image.key()) + extension), instead));
  }

  /** Masks without an image whose names differ from those of images in case, by lower case. */
  private static Map<String, Keyed> otherCases(
      Map<String, Keyed> images, Map<String, Keyed> masks) {
    Map<String, Keyed> others = new HashMap<>();
    masks.forEach(
        (name, mask) -> {
          if (!images.containsKey(name)) {
            others.put(lower(name), mask);
          }
        });
    return others;
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  private static Stray withoutImage(Keyed mask, String place) {
    return new Stray(
        Trouble.NO_IMAGE,
        mask.key(),
        List.of(mask.file()),
        "%s has no image in %s".formatted(mask.file(), place),
        "add the image or take the mask out");
  }

  /** The files in the place of images. */
  private static String others(ImageListing images, LeftOut leftOut) {
    List<String> others = new ArrayList<>();
    if (!images.images().isEmpty()) {
      int count = images.images().size();
      others.add(
          "%s of other names, such as %s"
              .formatted(Counted.of(count, "image"), images.images().get(0).getFileName()));
    }
    if (!leftOut.isEmpty()) {
      others.add(leftOut.toString());
    }
    return others.isEmpty() ? "" : ", but " + String.join(", ", others);
  }

  private static String described(PathPattern pattern) {
    String folder = pattern.folder();
    return pattern.hasExtension()
        ? pattern.text().substring(folder.isEmpty() ? 0 : folder.length() + 1) + " files"
        : "images (%s)".formatted(ImageFormat.readOnes());
  }

  /** A file, and what its name has in common with that of the other file of its pair. */
  private record Keyed(String key, Path file) {}

  /**
   * Files of one pattern by the spelling of their keys, in the order of these; those that {@code
   * other} fits better are not of them.
   */
  private Map<String, Keyed> files(
      ImageListing listing, PathPattern pattern, PathPattern other, List<Stray> twins) {
    Below below = new Below(dir);
    PathPattern.Keys keys = pattern.keys();
    PathPattern.Keys others = other.keys();
    boolean yields = other.letters() > pattern.letters();
    List<Keyed> found = new ArrayList<>();
    for (Path file : listing.images()) {
      String path = below.of(file);
      if (!yields || others.of(path).isEmpty()) {
        keys.of(path).ifPresent(key -> found.add(new Keyed(key, file)));
      }
    }
    found.sort(Comparator.comparing(Keyed::key));
    Map<String, Keyed> files = new LinkedHashMap<>();
    for (Keyed one : found) {
      Keyed twin = files.putIfAbsent(Spelling.of(one.key()), one);
      if (twin != null) {
        twins.add(
            new Stray(
                Trouble.TWIN,
                one.key(),
                List.of(twin.file(), one.file()),
                Spelling.twins(twin.file(), one.file()),
                "keep one"));
      }
    }
    return files;
  }

  /** None of a folder that is not there: then each image lacks its mask. */
  private static ImageListing listedIfThere(Path folder) {
    return Files.exists(folder) ? listed(folder) : new ImageListing(List.of(), new LeftOut());
  }

  /**
   * The images in a folder of the data.
   *
   * @throws DataException if it cannot be listed
   */
  static ImageListing listed(Path folder) {
    try {
      return ImageListing.ofTree(folder, Results::isPart);
    } catch (AccessDeniedException e) {
      throw new DataException(
          "cannot list the folder %s: %s; make it readable".formatted(e.getFile(), IoReason.of(e)),
          e);
    } catch (IOException e) {
      throw new DataException(
          ("cannot list the folder %s: %s; a data set has images/training, images/validation,"
                  + " annotations/training and annotations/validation, or says with files.images and"
                  + " files.masks where its files are")
              .formatted(folder, IoReason.of(e)),
          e);
    }
  }
}
