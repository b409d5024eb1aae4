package org.segtrain.spark;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.segtrain.data.ImageFormat;
import org.segtrain.errors.Counted;
import org.segtrain.errors.DataException;
import org.segtrain.errors.UsageException;
import org.segtrain.inference.MaskWriter;
import org.segtrain.inference.PredictionForms.MaskFormat;

/**
 * The images of a job: all of a folder, those of a pattern, or those that a manifest names.
 *
 * @param root folder below which results have the names of images
 * @param items those to do
 * @param refused rows of the others
 * @param leftOut files that are no images by their endings
 * @param isFolder whether they are all images of a folder
 */
record ImageList(
    String root, List<Item> items, List<ReportRow> refused, int leftOut, boolean isFolder) {

  private static final Pattern SCHEME = Pattern.compile("[A-Za-z][\\w+.-]*:/");
  private static final Pattern ENDING = Pattern.compile("\\.[^./\\\\]+$");

  /** In patterns of masks, the place of the name of an image. */
  static final String NAME = "{name}";

  /** An image before it has a name of its results. */
  private record Entry(String image, String mask, String where) {}

  /** Entries, and the folder that they have in common. */
  private record Entries(
      List<Entry> entries, Optional<String> root, int leftOut, boolean isFolder) {

    Entries(List<Entry> entries, Optional<String> root, int leftOut) {
      this(entries, root, leftOut, false);
    }
  }

  /**
   * Lists them.
   *
   * @param images folder, pattern, image or manifest
   * @param root given by the user; empty for the part of a pattern before its first letter of
   *     patterns, or the folder that the images of a manifest have in common
   * @param masks pattern with {@code {name}} of the masks; empty if the manifest names them, or
   *     there are none
   * @throws DataException if there is no image
   */
  static ImageList of(
      Configuration conf, String images, Optional<String> root, Optional<String> masks) {
    try {
      Entries found = entries(conf, images);
      if (found.entries().isEmpty()) {
        throw new DataException(
            "%s names no image%s; name a folder, a pattern such as photos/*.jpg, or a text file with one path a line"
                .formatted(
                    images,
                    found.leftOut() == 0
                        ? ""
                        : ", but %s of other kinds"
                            .formatted(Counted.of(found.leftOut(), "file"))));
      }
      String top =
          root.map(text -> HadoopFiles.text(HadoopFiles.whole(text, conf)))
              .or(found::root)
              .orElseGet(() -> common(images, found.entries()));
      return named(top, found, masks.map(text -> HadoopFiles.text(HadoopFiles.whole(text, conf))));
    } catch (CharacterCodingException e) {
      throw new DataException("cannot read %s as UTF-8 text; save it so".formatted(images), e);
    } catch (IOException e) {
      throw new DataException("cannot read %s: %s".formatted(images, HadoopFiles.reason(e)), e);
    }
  }

  private static Entries entries(Configuration conf, String images) throws IOException {
    Path path = HadoopFiles.path(images);
    FileSystem files = HadoopFiles.system(path, conf);
    if (files.exists(path)) { // whatever letters it has
      FileStatus status = files.getFileStatus(path);
      if (status.isDirectory()) {
        return of(Listing.inFolder(files, status.getPath()), true);
      }
      String file = HadoopFiles.text(status.getPath());
      return ImageFormat.promisedBy(path.getName()).isPresent()
          ? new Entries(List.of(new Entry(file, "", "")), Optional.of(parent(file)), 0)
          : manifest(conf, status.getPath());
    }
    if (!Listing.isPattern(images)) {
      throw new DataException("cannot read %s: there is no such file or folder".formatted(images));
    }
    return of(Listing.matching(files, path), false);
  }

  private static Entries of(Listing listing, boolean isFolder) {
    List<Entry> entries = listing.images().stream().map(image -> new Entry(image, "", "")).toList();
    return new Entries(entries, Optional.of(listing.root()), listing.leftOut(), isFolder);
  }

  /** A line has a path, and behind a tab perhaps that of its mask. */
  private static Entries manifest(Configuration conf, Path file) throws IOException {
    List<Entry> entries = new ArrayList<>();
    int number = 0;
    for (String line : HadoopFiles.read(file, conf).lines().toList()) {
      number++;
      if (!line.isBlank()) {
        String[] cells = line.strip().split("\t", -1);
        String mask = cells.length > 1 ? resolved(file, cells[1].strip()) : "";
        String where = "line %d of %s".formatted(number, HadoopFiles.text(file));
        entries.add(new Entry(resolved(file, cells[0].strip()), mask, where));
      }
    }
    return new Entries(entries, Optional.empty(), 0);
  }

  /** A relative line may have a colon, which is no end of a scheme. */
  private static String resolved(Path manifest, String line) {
    Path folder = manifest.getParent();
    boolean isWhole = line.startsWith("/") || SCHEME.matcher(line).lookingAt();
    return HadoopFiles.text(
        isWhole ? new Path(folder, HadoopFiles.path(line)) : HadoopFiles.path(folder + "/" + line));
  }

  private static String parent(String file) {
    int end = file.lastIndexOf('/');
    return end <= 0 ? "/" : file.substring(0, end);
  }

  /** The deepest folder that all images are in. */
  private static String common(String manifest, List<Entry> entries) {
    String top = parent(entries.get(0).image());
    for (Entry entry : entries) {
      while (!isBelow(top, entry.image())) {
        String up = parent(top);
        if (up.equals(top) || up.endsWith(":/") || !up.contains("/")) {
          throw new DataException(
              "%s names images without a folder in common, %s and %s; list them apart"
                  .formatted(manifest, entries.get(0).image(), entry.image()));
        }
        top = up;
      }
    }
    return top;
  }

  private static boolean isBelow(String folder, String file) {
    return file.startsWith(folder.endsWith("/") ? folder : folder + "/");
  }

  private static ImageList named(String root, Entries found, Optional<String> masks) {
    List<Item> items = new ArrayList<>();
    List<ReportRow> refused = new ArrayList<>();
    Map<String, Entry> byName = new LinkedHashMap<>();
    Map<String, Entry> byFolder = new HashMap<>();
    for (Entry entry : found.entries()) {
      int index = items.size() + refused.size();
      String name = name(root, entry.image());
      String mask = masks.map(pattern -> pattern.replace(NAME, name)).orElse(entry.mask());
      Item item = new Item(index, entry.image(), mask, name);
      Entry first = isBelow(root, entry.image()) ? byName.putIfAbsent(name, entry) : null;
      Entry around = inTheWay(name, byName, byFolder);
      if (!isBelow(root, entry.image())) {
        refused.add(
            ReportRow.failed(
                item, "%s is not below %s; give another --root".formatted(entry.image(), root)));
      } else if (first != null) {
        refused.add(ReportRow.failed(item, clash(first, entry, name)));
      } else if (around != null) {
        refused.add(
            ReportRow.failed(
                item,
                "the result of %s would be a file where that of %s has a folder, or the other way round; rename one"
                    .formatted(entry.image(), around.image())));
      } else {
        folders(name).forEach(folder -> byFolder.putIfAbsent(folder, entry));
        items.add(item);
      }
    }
    return new ImageList(root, items, refused, found.leftOut(), found.isFolder());
  }

  /** The image whose result is a folder of the result {@code name}, or is in such a folder. */
  private static Entry inTheWay(
      String name, Map<String, Entry> byName, Map<String, Entry> byFolder) {
    for (MaskFormat format : MaskFormat.values()) {
      String place = MaskWriter.place(format, "x");
      String ending = place.substring(place.lastIndexOf('.'));
      if (byFolder.containsKey(name + ending)) {
        return byFolder.get(name + ending);
      }
      for (String folder : folders(name)) {
        String result =
            folder.endsWith(ending)
                ? folder.substring(0, folder.length() - ending.length())
                : folder;
        if (!result.equals(folder) && byName.containsKey(result)) {
          return byName.get(result);
        }
      }
    }
    return null;
  }

  /** The folders that a result is in, below that of all. */
  private static List<String> folders(String name) {
    List<String> folders = new ArrayList<>();
    for (int end = name.indexOf('/'); end >= 0; end = name.indexOf('/', end + 1)) {
      folders.add(name.substring(0, end));
    }
    return folders;
  }

  private static String name(String root, String file) {
    String below = isBelow(root, file) ? file.substring(root.length()) : file;
    return ENDING.matcher(below.replaceFirst("^/+", "")).replaceFirst("");
  }

  private static String clash(Entry first, Entry other, String name) {
    return first.image().equals(other.image())
        ? "%s is in %s and in %s; keep one".formatted(other.image(), first.where(), other.where())
        : "the results of %s and %s would both be called %s; rename one, or predict them apart"
            .formatted(first.image(), other.image(), name);
  }

  /** How many images there are, with those that are refused. */
  int size() {
    return items.size() + refused.size();
  }

  /**
   * The same, where images without a mask are refused.
   *
   * @throws UsageException if none has one
   */
  ImageList withMasks() {
    List<Item> masked = new ArrayList<>();
    List<ReportRow> others = new ArrayList<>(refused);
    for (Item item : items) {
      if (item.mask().isEmpty()) {
        String message = "%s has no mask; write its path behind a tab".formatted(item.image());
        others.add(ReportRow.failed(item, message));
      } else {
        masked.add(item);
      }
    }
    if (masked.isEmpty()) {
      throw new UsageException(
          "no image has a mask; give --masks PATTERN, such as masks/{name}.png, or write the path of"
              + " each mask behind its image and a tab");
    }
    return new ImageList(root, masked, others, leftOut, isFolder);
  }

  /** All of them as a data set, of which no image is opened. */
  ListedImages dataset(ModelFacts facts) {
    Map<Integer, String> names = new HashMap<>();
    items.forEach(item -> names.put(item.index(), item.image()));
    refused.forEach(row -> names.put(row.index(), row.image()));
    return new ListedImages(facts.empty().source().dataset(), facts.classes(), size(), names::get);
  }
}
