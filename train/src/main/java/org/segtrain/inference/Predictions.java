package org.segtrain.inference;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.segtrain.data.Confidences;
import org.segtrain.data.ImageFiles;
import org.segtrain.data.Palette;
import org.segtrain.data.Photograph;
import org.segtrain.data.internal.Caption;
import org.segtrain.data.internal.ClassShares;
import org.segtrain.data.internal.HeapFull;
import org.segtrain.data.internal.Legend;
import org.segtrain.data.internal.Results;
import org.segtrain.data.internal.Stacked;
import org.segtrain.data.internal.Tint;
import org.segtrain.data.internal.UsualFolders;
import org.segtrain.errors.DataException;
import org.segtrain.errors.IoReason;
import org.segtrain.files.Draft;
import org.segtrain.inference.PredictionForms.MaskFormat;
import org.segtrain.inference.internal.CocoResults;
import org.segtrain.inference.internal.GeoJson;

/**
 * A folder of predictions: {@code masks}, {@code overlays} and the other files of {@link
 * PredictionForms}, and the legend of their colours. Files that all photographs share are complete
 * when it is closed.
 */
public final class Predictions implements AutoCloseable {

  /** A class in legend.json. */
  record Entry(int label, String name, String colour) {}

  private final Path folder;
  private final List<String> classes;
  private final Palette palette;
  private final PredictionForms forms;
  private final boolean words;
  private final Optional<CocoResults> coco;

  /** Names by the files of their results, which are without links and as the disk spells them. */
  private final Map<Path, String> written = new HashMap<>();

  private Predictions(
      Path folder,
      List<String> classes,
      Palette palette,
      PredictionForms forms,
      boolean words,
      Optional<CocoResults> coco) {
    this.folder = folder;
    this.classes = List.copyOf(classes);
    this.palette = palette;
    this.forms = forms;
    this.words = words;
    this.coco = coco;
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
    return create(folder, classes, palette, PredictionForms.USUAL);
  }

  /**
   * The same with other files.
   *
   * @throws DataException if it cannot be written, or has other files of these names
   */
  public static Predictions create(
      Path folder, List<String> classes, Palette palette, PredictionForms forms) {
    return create(folder, classes, palette, forms, Legend.hasWords());
  }

  static Predictions create(
      Path folder, List<String> classes, Palette palette, PredictionForms forms, boolean words) {
    Path picture = folder.resolve(Results.LEGEND_PICTURE);
    requireOwn(picture, ImageFiles.isOwn(picture));
    requireOwn(folder.resolve(Results.LEGEND), Results.isLegend(folder.resolve(Results.LEGEND)));
    Path shared = folder.resolve(Results.COCO);
    boolean isShared = forms.formats().contains(MaskFormat.COCO_RLE);
    if (isShared) {
      requireOwn(shared, CocoResults.isOwn(shared));
    }
    ImageFiles.writeRgb(made(picture), Legend.draw(classes, palette, words));
    writeJson(folder, classes, palette);
    Optional<CocoResults> coco = isShared ? Optional.of(new CocoResults(shared)) : Optional.empty();
    return new Predictions(folder, classes, palette, forms, words, coco);
  }

  /**
   * Whether the names of the classes are in the picture of the legend; Java needs a font for it.
   */
  public boolean hasWords() {
    return words;
  }

  /**
   * Whether {@code path} is part of an earlier prediction: a legend, or {@code masks} or {@code
   * overlays} beside one. Such a file is no photograph.
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
          "%s is among the images or masks of the data, so results in it would be taken for them; choose another folder"
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
   * Refuses to write over files that are no earlier prediction, and over the photographs, wherever
   * links lead.
   *
   * @param folder of the results
   * @param photographs to be predicted, by the names of their results
   * @throws DataException if there is such a file
   */
  public static void refuseOverwriting(Path folder, Map<String, Path> photographs) {
    refuseOverwriting(folder, photographs, PredictionForms.USUAL);
  }

  /**
   * The same for other files.
   *
   * @throws DataException if there is such a file
   */
  public static void refuseOverwriting(
      Path folder, Map<String, Path> photographs, PredictionForms forms) {
    Set<Path> inputs = new HashSet<>();
    photographs.values().forEach(file -> inputs.add(real(file)));
    for (String name : photographs.keySet()) {
      for (ResultFile kind : forms.files()) {
        Path file = kind.in(folder, name);
        if (Files.exists(file)) {
          requireOwn(file, kind.isOwn(file) && !inputs.contains(real(file)));
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
   * Writes the files of {@code photograph}, without probabilities.
   *
   * @throws DataException if they cannot be written, are there and no earlier prediction, or are
   *     those of another photograph, such as one whose name differs in case alone
   */
  public void add(String name, Photograph photograph, byte[] labels) {
    add(name, photograph, labels, Optional.empty());
  }

  /**
   * Writes the files of {@code photograph}.
   *
   * @param labels the class of each pixel, {@code H*W} bytes
   * @param confidences how probable these are; only needed if they are to be written
   * @throws DataException if they cannot be written, are there and no earlier prediction, or are
   *     those of another photograph, such as one whose name differs in case alone
   */
  public void add(
      String name, Photograph photograph, byte[] labels, Optional<Confidences> confidences) {
    for (ResultFile kind : forms.files()) {
      Path file = kind.in(folder, name);
      requireOwn(file, kind.isOwn(file));
      if (Files.exists(file) && !written.getOrDefault(real(file), name).equals(name)) {
        throw new DataException(
            "%s is the result of another photograph already; rename one of them, or predict them apart"
                .formatted(file));
      }
    }
    for (ResultFile kind : forms.files()) {
      Path file = made(kind.in(folder, name));
      switch (kind) {
        case MASK ->
            ImageFiles.writeMask(file, photograph.width(), photograph.height(), labels, palette);
        case OVERLAY -> ImageFiles.writeRgb(file, overlay(name, photograph, labels));
        case PROBABILITIES -> ImageFiles.writeConfidences(file, confidences.orElseThrow());
        case POLYGONS -> writePolygons(file, photograph.width(), labels);
      }
      written.put(real(file), name);
    }
    coco.ifPresent(results -> addTo(results, name, labels, photograph.width()));
  }

  private Photograph overlay(String name, Photograph photograph, byte[] labels) {
    Tint tint = new Tint(photograph, labels, palette);
    if (!forms.captions() || !words) {
      return tint;
    }
    Caption caption = new Caption(photograph.width());
    return new Stacked(
        List.of(
            caption.title(name), tint, caption.legend(ClassShares.of(labels, classes, palette))));
  }

  private void writePolygons(Path file, int width, byte[] labels) {
    PredictionForms.Polygons rules = forms.polygons().orElseThrow();
    try {
      Draft.write(
          file,
          channel -> {
            OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel));
            GeoJson.write(out, labels, width, classes, palette, rules.smallest(), rules.simplify());
            out.flush();
          });
    } catch (IOException e) {
      throw new DataException("cannot write %s: %s".formatted(file, IoReason.of(e)), e);
    } catch (OutOfMemoryError e) {
      throw HeapFull.of("the polygons of " + file, e);
    }
  }

  private void addTo(CocoResults results, String name, byte[] labels, int width) {
    try {
      results.add(name, labels, width);
    } catch (IOException e) {
      throw new DataException(
          "cannot write %s: %s".formatted(folder.resolve(Results.COCO), IoReason.of(e)), e);
    }
  }

  /**
   * Completes the files that all photographs share.
   *
   * @throws DataException if it cannot be written
   */
  @Override
  public void close() {
    coco.ifPresent(CocoResults::close);
  }

  /** Files of a folder of results: one of each kind, of a photograph called {@code x}. */
  public static List<Path> files(Path folder) {
    return Stream.concat(
            Stream.of(folder.resolve(Results.LEGEND_PICTURE)),
            Stream.of(ResultFile.values()).map(kind -> kind.in(folder, "x")))
        .toList();
  }

  /** Where the mask of that name is. */
  public Path mask(String name) {
    return ResultFile.MASK.in(folder, name);
  }

  /** Where the first file of that name is: the mask, or else the overlay. */
  public Path first(String name) {
    return forms.files().get(0).in(folder, name);
  }

  /** The text of {@code legend.json}: number, name and colour of each class. */
  public static String legend(List<String> classes, Palette palette) {
    List<Entry> entries =
        IntStream.range(0, classes.size())
            .mapToObj(k -> new Entry(k, classes.get(k), palette.hex(k)))
            .toList();
    try {
      return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(entries);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("names and colours are texts", e);
    }
  }

  private static void writeJson(Path folder, List<String> classes, Palette palette) {
    Path file = folder.resolve(Results.LEGEND);
    try {
      Draft.write(file, legend(classes, palette));
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
          "cannot make the folder %s: %s; make room, or choose another folder"
              .formatted(file.getParent(), IoReason.of(e)),
          e);
    }
  }
}
