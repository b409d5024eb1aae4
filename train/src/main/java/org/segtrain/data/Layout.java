package org.segtrain.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.segtrain.data.internal.Listing;
import org.segtrain.data.internal.Listing.Pair;
import org.segtrain.data.internal.Listing.Stray;
import org.segtrain.data.internal.UsualFolders;
import org.segtrain.errors.Counted;
import org.segtrain.errors.DataException;
import org.segtrain.errors.UsageException;

/**
 * Where the images of each split and their masks are, from the patterns of {@link DataFiles}.
 *
 * @param dir the folder of the data
 * @param images pattern of the images
 * @param masks pattern of the masks
 * @param files what else is declared
 * @param names of the splits in the patterns, those that are there
 * @param strict whether a mask without an image is a mistake
 */
record Layout(
    Path dir,
    PathPattern images,
    PathPattern masks,
    DataFiles files,
    Map<Split, String> names,
    boolean strict) {

  /**
   * Finds the patterns that are not declared.
   *
   * @throws DataException if no usual place has files
   */
  static Layout of(Path dir, DataFiles files, boolean strict) {
    if (!files.images().isEmpty()) {
      return of(dir, pattern("images", files.images()), pattern("masks", files.masks()), files)
          .strict(strict);
    }
    for (String images : List.of("images/{split}/{name}", "{split}/images/{name}")) {
      PathPattern pattern = new PathPattern(images);
      Map<Split, String> names = names(dir, pattern.folder(), files);
      if (!names.isEmpty()) {
        return new Layout(
            dir, pattern, new MaskFolders(dir, images).pattern(names), files, names, strict);
      }
    }
    PathPattern bare = new PathPattern("images/{name}");
    if (Files.isDirectory(dir.resolve(bare.folder())) && isToBeSplit(files)) {
      return of(dir, bare, new MaskFolders(dir, bare.text()).pattern(Map.of()), files)
          .strict(strict);
    }
    throw files.splits().isEmpty() ? NothingFound.in(dir) : NothingFound.in(dir, files);
  }

  /** Whether images of {@code files}, which has patterns, may be in {@code dir}. */
  static boolean isThere(Path dir, DataFiles files) {
    String folder = pattern("images", files.images()).folder();
    return folder.contains("{split}")
        ? !names(dir, folder, files).isEmpty()
        : Files.isDirectory(dir.resolve(folder));
  }

  /** The folder that images of {@code files}, which has patterns, are looked for in. */
  static Path place(Path dir, DataFiles files) {
    String folder = pattern("images", files.images()).folder();
    String fixed = folder.replaceFirst("\\{split}.*", "").replaceFirst("/$", "");
    return fixed.isEmpty()
        ? dir.resolve(candidates(Split.TRAINING, files).get(0))
        : dir.resolve(fixed);
  }

  private static boolean isToBeSplit(DataFiles files) {
    return files.splitValidation() > 0 || !files.lists().isEmpty();
  }

  private static PathPattern pattern(String component, String text) {
    return PathPattern.of("files." + component, text);
  }

  /** Earlier predictions that lie where masks of a split are looked for. */
  List<Path> results(String split) {
    return files.images().isEmpty()
        ? new MaskFolders(dir, images.text()).results(split)
        : List.of();
  }

  private static Layout of(Path dir, PathPattern images, PathPattern masks, DataFiles files) {
    Layout layout = new Layout(dir, images, masks, files, Map.of(), true);
    if (!images.hasSplit() && !isToBeSplit(files)) {
      throw new UsageException(
          "files.images is \"%s\", which has no {split}; give files.splitValidation, such as 0.2 (or 1 to measure on all), or"
                  .formatted(images.text())
              + " files.lists, or put {split} into it");
    }
    if (!layout.place().contains("{split}")) {
      return layout;
    }
    Map<Split, String> names = names(dir, layout.place(), files);
    if (names.isEmpty()) {
      throw new DataException(
          "%s%s; give the folder of the data, or %s"
              .formatted(
                  layout.noneOf(Split.TRAINING), layout.beside(), layout.howSplitsAreCalled()));
    }
    return new Layout(dir, images, masks, files, names, true);
  }

  /** The pattern of the place of a split. */
  private String place() {
    return files.lists().isEmpty() ? images.folder() : files.lists();
  }

  private Layout strict(boolean value) {
    return new Layout(dir, images, masks, files, names, value);
  }

  private List<String> tried(Split split) {
    return candidates(split, files).stream()
        .map(name -> dir.resolve(place().replace("{split}", name)).toString())
        .toList();
  }

  /** The possible names of a split. */
  static List<String> candidates(Split split, DataFiles files) {
    int place = List.of(Split.values()).indexOf(split);
    return files.splits().size() <= place ? split.folders() : List.of(files.splits().get(place));
  }

  /** The name of each split that is there. */
  private static Map<Split, String> names(Path dir, String place, DataFiles files) {
    Map<Split, String> names = new EnumMap<>(Split.class);
    for (Split split : Split.values()) {
      List<String> there =
          candidates(split, files).stream()
              .filter(name -> Files.exists(dir.resolve(place.replace("{split}", name))))
              .toList();
      if (there.size() > 1) {
        throw new DataException(
            "%s and %s are both there, so it is not known which has the %s images; say it with"
                    .formatted(
                        dir.resolve(place.replace("{split}", there.get(0))),
                        dir.resolve(place.replace("{split}", there.get(1))),
                        split)
                + " files.splits");
      }
      there.forEach(name -> names.put(split, name));
    }
    return names;
  }

  /**
   * Lists the files of one split.
   *
   * @throws DataException if there are none, or an image or a mask is missing
   */
  List<Pair> pairs(Split split) {
    Listing listing = listing(split);
    listing
        .leftOut()
        .harmless()
        .ifPresent(
            text ->
                Warnings.say("left out of the %s images of %s: %s".formatted(split, dir, text)));
    listing.requireWhole();
    return listing.pairs();
  }

  /** The splits that there may be: those to train with, and others that are there. */
  List<Split> splits() {
    return Arrays.stream(Split.values())
        .filter(split -> split != Split.TEST || names.containsKey(split))
        .toList();
  }

  /**
   * Lists the files of one split, and those that are no half of a pair.
   *
   * @throws DataException if there are no images
   */
  Listing listing(Split split) {
    Split source = source(split);
    if (!has(split)) {
      throw missing(source);
    }
    String name = names.getOrDefault(source, candidates(source, files).get(0));
    Listing listing =
        files.lists().isEmpty() ? new FoundFiles(this, name).listing(split) : listed(name);
    listing.leftOut().addResults(results(name));
    return isDivided(split) ? part(listing, split) : listing;
  }

  /** Whether a file of that path would be an image or a mask of a split, whatever lists say. */
  boolean holds(Path file) {
    Path whole = real(file);
    return splits().stream()
        .map(split -> names.getOrDefault(source(split), ""))
        .flatMap(name -> Stream.of(images.in(name), masks.in(name)))
        .anyMatch(pattern -> isOf(pattern, whole));
  }

  private boolean isOf(PathPattern pattern, Path whole) {
    Path folder = real(dir.resolve(pattern.folder()).resolve(whole.getFileName())).getParent();
    if (!whole.startsWith(folder)) {
      return false;
    }
    String below = new Below(folder).of(whole);
    String path = pattern.folder().isEmpty() ? below : pattern.folder() + "/" + below;
    return pattern.keys().of(path).isPresent();
  }

  /** Without links, as far as it is there. */
  private static Path real(Path path) {
    Path whole = path.toAbsolutePath().normalize();
    Path parent = whole.getParent();
    if (parent == null || Files.isSymbolicLink(whole)) {
      return whole;
    }
    return UsualFolders.real(parent).resolve(whole.getFileName());
  }

  /** What the list of the split of that name has. */
  private Listing listed(String name) {
    return new ListedFiles(dir, images.in(name), masks.in(name))
        .listing(dir.resolve(place().replace("{split}", name)));
  }

  /** Whether there is such a split. */
  boolean has(Split split) {
    boolean apart = images.hasSplit() || !files.lists().isEmpty();
    return place().contains("{split}")
        ? names.containsKey(source(split))
        : apart || split != Split.TEST;
  }

  private boolean isDivided(Split split) {
    return files.splitValidation() > 0 && split != Split.TEST;
  }

  /** The split that its files are of. */
  private Split source(Split split) {
    return isDivided(split) ? Split.TRAINING : split;
  }

  private DataException missing(Split split) {
    boolean isKnown = place().contains("{split}");
    return new DataException(
        !isKnown
            ? "the data set has no %s images; name them with files.splits and {split} in files.images"
                .formatted(split)
            : "the data set has no %s images: %s%s%s; add some, or %s"
                    .formatted(split, noneOf(split), others(), beside(), howSplitsAreCalled())
                + usualLists()
                + (split == Split.VALIDATION
                    ? ", or give files.splitValidation 0.2 to split a part of the training images off"
                    : ""));
  }

  /** "none of a, b is there". */
  private String noneOf(Split split) {
    List<String> tried = tried(split);
    return tried.size() == 1
        ? tried.get(0) + " is not there"
        : "none of %s is there".formatted(String.join(", ", tried));
  }

  /** Names in the place of splits that are no usual ones. */
  private OtherSplits unknown() {
    return OtherSplits.of(dir, place()).without(names.values());
  }

  private String beside() {
    OtherSplits unknown = unknown();
    if (unknown.isEmpty() || !files.lists().isEmpty()) {
      return "";
    }
    return (names.isEmpty() ? ", but " : ", and beside them ") + unknown;
  }

  private String howSplitsAreCalled() {
    return OtherSplits.of(dir, place())
        .keys()
        .filter(keys -> !unknown().isEmpty() && usualLists().isEmpty())
        .map("give "::concat)
        .orElse("say with files.splits what splits are called");
  }

  /** The splits that are there. */
  private String others() {
    return names.isEmpty()
        ? ""
        : ", but there are images for "
            + names.keySet().stream().map(Split::toString).collect(Collectors.joining(" and "));
  }

  /** Lists of the usual names where others are looked for, and what else is missing then. */
  private String usualLists() {
    List<String> usual =
        Stream.of(Split.TRAINING, Split.VALIDATION)
            .flatMap(
                split ->
                    split.folders().stream()
                        .filter(name -> Files.exists(dir.resolve(place().replace("{split}", name))))
                        .limit(1))
            .toList();
    return files.lists().isEmpty() || usual.size() < 2
        ? ""
        : ", as in files.splits %s%s".formatted(String.join(",", usual), masksBeside(" and "));
  }

  /** The pattern of masks in a folder whose name is the beginning of that which is not there. */
  String masksBeside(String before) {
    Path folder = dir.resolve(masks.folder());
    String name = folder.getFileName().toString();
    Path parent = folder.getParent();
    if (Files.exists(folder) || masks.hasSplit() || !Files.isDirectory(parent)) {
      return "";
    }
    for (int length = name.length() - 1; length > 3; length--) {
      String shorter = name.substring(0, length);
      if (Files.isDirectory(parent.resolve(shorter))) {
        return "%sfiles.masks %s".formatted(before, masks.text().replace(name, shorter));
      }
    }
    return "";
  }

  private Listing part(Listing listing, Split split) {
    if (files.splitValidation() == 1 && !names.isEmpty()) {
      throw new DataException(
          "%s has images for %s apart, so they are not measured together; name one of these splits"
              .formatted(
                  dir,
                  names.keySet().stream().map(Split::toString).collect(Collectors.joining(", "))));
    }
    if (split == Split.VALIDATION && names.containsKey(split)) {
      listing.leftOut().addApart(leftBehind());
    }
    SplitShare share = new SplitShare(files.splitValidation());
    List<Pair> pairs =
        listing.pairs().stream().filter(pair -> share.of(pair.name()) == split).toList();
    if (pairs.isEmpty() && !listing.pairs().isEmpty()) {
      throw new DataException(
          "of %s none is for %s with files.splitValidation %s, which goes by the names; give a %s share, or more images"
              .formatted(
                  Counted.of(listing.pairs().size(), "image"),
                  split,
                  files.splitValidation(),
                  split == Split.VALIDATION ? "larger" : "smaller"));
    }
    List<Stray> strays =
        listing.pairs().isEmpty()
            ? listing.strays()
            : listing.strays().stream().filter(stray -> share.of(stray.name()) == split).toList();
    return new Listing(pairs, strays, listing.leftOut());
  }

  /** Images for validation that are apart already, and so of no use where others are split off. */
  private List<Path> leftBehind() {
    PathPattern apart = images.in(names.get(Split.VALIDATION));
    if (!files.lists().isEmpty()) {
      return listed(names.get(Split.VALIDATION)).pairs().stream().map(Pair::image).toList();
    }
    return Files.isDirectory(dir.resolve(apart.folder()))
        ? FoundFiles.listed(dir.resolve(apart.folder())).images()
        : List.of();
  }
}
