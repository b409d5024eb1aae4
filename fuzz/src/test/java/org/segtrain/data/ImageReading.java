package org.segtrain.data;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** All ways in which image files are read, public or not. */
public final class ImageReading {

  private static final int BAND = 3 * 64 * 4; // bytes: some rows of a small image
  private static final Masks VALUES = masks(ClassTable.of(names(255)), false);
  private static final Masks COLOURS =
      masks(
          new ClassTable(
              List.of("a", "b", "c"),
              List.of(0x000000, 0xFFFFFF, 0x102030),
              OptionalInt.empty(),
              List.of()),
          true);

  private ImageReading() {}

  private static List<String> names(int classes) {
    return IntStream.range(0, classes).mapToObj(k -> "class " + k).toList();
  }

  private static Masks masks(ClassTable table, boolean coloured) {
    return new Masks(LabelRule.of(table, DataFiles.USUAL), new ColourRule(table), coloured);
  }

  /** As training and prediction do. */
  public static void photograph(Path file) {
    ImageFiles.open(file).whole();
  }

  /** A photograph of a few pixels as one that is too large for the memory: its ends. */
  public static void photographByParts(Path file) {
    ImageParts.of(file, 1, BAND).map(StoredPhotograph::new).ifPresent(ImageReading::ends);
  }

  private static void ends(Photograph photograph) {
    int width = Math.min(photograph.width(), 64);
    photograph.part(0, 0, width, 1);
    photograph.part(0, photograph.height() - 1, width, 1);
  }

  /** As training does, by its values. */
  public static void mask(Path file) {
    VALUES.read(file, () -> List.of(file));
  }

  /** As training does, by its colours. */
  public static void colouredMask(Path file) {
    COLOURS.read(file, () -> List.of(file));
  }

  /** The same of one that is too large for the memory. */
  public static void maskByParts(Path file) {
    ImageParts.of(file, 1, BAND).ifPresent(parts -> VALUES.read(parts, () -> List.of(file)));
  }

  /** As before a training, without pixels. */
  public static void header(Path file) {
    Extent.ofPhotograph(file);
    Extent.ofMask(file);
  }

  /** As {@code data check} does. */
  public static void photographFacts(Path file) {
    FileFacts.ofPhotograph(file);
  }

  /** As {@code data check} does. */
  public static void maskFacts(Path file) {
    FileFacts.ofMask(file);
  }
}
