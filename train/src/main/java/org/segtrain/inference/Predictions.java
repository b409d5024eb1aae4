package org.segtrain.inference;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.segtrain.data.ImageFiles;
import org.segtrain.data.Palette;
import org.segtrain.data.Photograph;
import org.segtrain.data.internal.Legend;
import org.segtrain.data.internal.Results;
import org.segtrain.data.internal.Tint;
import org.segtrain.data.internal.UsualFolders;
import org.segtrain.errors.DataException;
import org.segtrain.errors.IoReason;
import org.segtrain.files.Draft;

/** A folder of predictions: {@code masks}, {@code overlays}, and the legend of their colours. */
public final class Predictions {

  /** A class in legend.json. */
  record Entry(int label, String name, String colour) {}

  private final Path folder;
  private final Palette palette;
  private final boolean words;

  /** Names by the files of their results, which are without links and as the disk spells them. */
  private final Map<Path, String> written = new HashMap<>();

  private Predictions(Path folder, Palette palette, boolean words) {
    this.folder = folder;
    this.palette = palette;
    this.words = words;
  }

  /**
   * Makes the folder, and the legend in it.
   *
   * @throws DataException if it cannot be written, or has other files of these names
   */
  public static Predictions create(Path folder, List<String> classes) {
    return create(folder, classes, Palette.of(classes.size()));
  }

  /**
   * The same in other colours.
   *
   * @throws DataException if it cannot be written, or has other files of these names
   */
  public static Predictions create(Path folder, List<String> classes, Palette palette) {
    return create(folder, classes, palette, Legend.hasWords());
  }

  static Predictions create(Path folder, List<String> classes, Palette palette, boolean words) {
    Predictions predictions = new Predictions(folder, palette, words);
    Path picture = folder.resolve(Results.LEGEND_PICTURE);
    requireOwn(picture, ImageFiles.isOwn(picture));
    requireOwn(folder.resolve(Results.LEGEND), Results.isLegend(folder.resolve(Results.LEGEND)));
    ImageFiles.writeRgb(made(picture), Legend.draw(classes, palette, words));
    predictions.writeJson(classes);
    return predictions;
  }

  /**
   * Whether the names of the classes are in the picture of the legend; Java needs a font for it.
   */
  public boolean hasWords() {
    return words;
  }

  /**
   * Whether {@code path} is part of an earlier prediction, {@code masks} or {@code overlays} beside
   * a legend or that itself, and so no photograph.
   */
  public static boolean isResult(Path path) {
    return Results.isPart(path);
  }

  /**
   * Refuses a folder in which results would be taken for images or masks of a data set, wherever
   * links lead.
   *
   * @param folder of the results, which need not be there
   * @throws DataException if it is one
   */
  public static void refuseAmongData(Path folder) {
    Optional<Path> around = UsualFolders.dataAround(folder);
    if (around.isPresent()) {
      throw new DataException(
          "%s is a place of images or masks of the data, so results in it would be taken for these; choose another folder"
              .formatted(folder));
    }
    Optional<Path> inside = UsualFolders.dataIn(folder);
    if (inside.isPresent()) {
      throw new DataException(
          "%s has data in %s, so results beside them would be taken for labels; choose another folder"
              .formatted(folder, inside.get().getFileName()));
    }
  }

  /**
   * Refuses to write over what is no earlier prediction, and over what is to be predicted, wherever
   * links lead.
   *
   * @param folder of the results
   * @param photographs to be predicted, by the names of their results
   * @throws DataException if there is such a file
   */
  public static void refuseOverwriting(Path folder, Map<String, Path> photographs) {
    Set<Path> inputs = new HashSet<>();
    photographs.values().forEach(file -> inputs.add(real(file)));
    for (String name : photographs.keySet()) {
      for (Path file : List.of(mask(folder, name), overlay(folder, name))) {
        if (Files.exists(file)) {
          requireOwn(file, ImageFiles.isOwn(file) && !inputs.contains(real(file)));
        }
      }
    }
  }

  private static Path real(Path file) {
    try {
      return file.toRealPath();
    } catch (IOException e) {
      throw new DataException("cannot read %s: %s".formatted(file, IoReason.of(e)), e);
    }
  }

  /** Refuses a file that is there and is not ours. */
  private static void requireOwn(Path file, boolean own) {
    if (!own && Files.exists(file)) {
      throw new DataException(
          "%s is there and is an input or no earlier prediction, so it is not overwritten; choose another folder"
              .formatted(file));
    }
  }

  /**
   * Writes the mask and the coloured image of {@code photograph}.
   *
   * @throws DataException if they cannot be written, or are there and no earlier prediction, or are
   *     those of another photograph, as where the file system takes {@code a} and {@code A} for one
   */
  public void add(String name, Photograph photograph, byte[] labels) {
    Path mask = mask(name);
    Path overlay = overlay(folder, name);
    for (Path file : List.of(mask, overlay)) {
      requireOwn(file, ImageFiles.isOwn(file));
      if (Files.exists(file) && !written.getOrDefault(real(file), name).equals(name)) {
        throw new DataException(
            "%s is the result of another photograph already; rename one of them, or predict them apart"
                .formatted(file));
      }
    }
    ImageFiles.writeMask(made(mask), photograph.width(), photograph.height(), labels, palette);
    ImageFiles.writeRgb(made(overlay), new Tint(photograph, labels, palette));
    written.put(real(mask), name);
    written.put(real(overlay), name);
  }

  /** Files of a folder of results: one of each kind, of a photograph called {@code x}. */
  public static List<Path> files(Path folder) {
    return List.of(folder.resolve(Results.LEGEND_PICTURE), mask(folder, "x"), overlay(folder, "x"));
  }

  /** Where the mask of that name is. */
  public Path mask(String name) {
    return mask(folder, name);
  }

  private static Path overlay(Path folder, String name) {
    return folder.resolve(Results.OVERLAYS).resolve(name + ".png");
  }

  private static Path mask(Path folder, String name) {
    return folder.resolve(Results.MASKS).resolve(name + ".png");
  }

  private void writeJson(List<String> classes) {
    List<Entry> entries =
        IntStream.range(0, classes.size())
            .mapToObj(k -> new Entry(k, classes.get(k), palette.hex(k)))
            .toList();
    Path file = folder.resolve(Results.LEGEND);
    try {
      String text = new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(entries);
      Draft.write(file, text);
    } catch (IOException e) {
      throw new DataException("cannot write %s: %s".formatted(file, IoReason.of(e)), e);
    }
  }

  /** {@code file}, whose folder is there afterwards. */
  private static Path made(Path file) {
    try {
      Files.createDirectories(file.getParent());
      return file;
    } catch (IOException e) {
      throw new DataException(
          "cannot make the folder %s; choose another folder, which can be written"
              .formatted(file.getParent()),
          e);
    }
  }
}
