package org.segtrain.inference;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.segtrain.data.ImageFiles;
import org.segtrain.data.Palette;
import org.segtrain.data.Picture;
import org.segtrain.errors.DataException;

/** A folder of predictions: {@code masks}, {@code overlays}, and the legend of their colours. */
public final class Predictions {

  /** A class in legend.json. */
  record Entry(int label, String name, String colour) {}

  private final Path folder;
  private final Palette palette;

  private Predictions(Path folder, Palette palette) {
    this.folder = folder;
    this.palette = palette;
  }

  /**
   * Makes the folder, and the legend in it.
   *
   * @throws DataException if it cannot be written
   */
  public static Predictions create(Path folder, List<String> classes) {
    return create(folder, classes, Palette.of(classes.size()));
  }

  /**
   * The same in other colours.
   *
   * @throws DataException if it cannot be written
   */
  public static Predictions create(Path folder, List<String> classes, Palette palette) {
    Predictions predictions = new Predictions(folder, palette);
    ImageFiles.writeRgb(
        made(folder.resolve("legend.png")), Legend.draw(classes, predictions.palette));
    predictions.writeJson(classes);
    return predictions;
  }

  /** Writes the mask and the coloured image of {@code picture}. */
  public void add(String name, Picture picture, byte[] labels) {
    ImageFiles.writeMask(made(mask(name)), picture.width(), picture.height(), labels, palette);
    Path overlay = folder.resolve("overlays").resolve(name + ".png");
    ImageFiles.writeRgb(made(overlay), overlay(picture, labels));
  }

  /** Where the mask of that name is. */
  public Path mask(String name) {
    return folder.resolve("masks").resolve(name + ".png");
  }

  /** Half the photograph, half the colours of the classes. */
  private Picture overlay(Picture picture, byte[] labels) {
    byte[] rgb = new byte[picture.rgb().length];
    for (int i = 0; i < rgb.length; i++) {
      int colour = palette.rgb(labels[i / 3] & 0xff) >> (8 * (2 - i % 3)) & 0xff;
      rgb[i] = (byte) (((picture.rgb()[i] & 0xff) + colour) / 2);
    }
    return new Picture(picture.width(), picture.height(), rgb);
  }

  private void writeJson(List<String> classes) {
    List<Entry> entries =
        IntStream.range(0, classes.size())
            .mapToObj(k -> new Entry(k, classes.get(k), palette.hex(k)))
            .toList();
    Path file = folder.resolve("legend.json");
    try {
      new ObjectMapper().writerWithDefaultPrettyPrinter().writeValue(file.toFile(), entries);
    } catch (IOException e) {
      throw new DataException("cannot write %s: %s".formatted(file, e.getMessage()), e);
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
