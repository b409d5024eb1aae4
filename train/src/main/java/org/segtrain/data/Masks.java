package org.segtrain.data;

import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.segtrain.data.internal.MaskFacts;
import org.segtrain.errors.DataException;

/**
 * How masks become labels: by the values that they store, or by their colours.
 *
 * @param values what values mean
 * @param colours what colours mean
 * @param coloured whether colours count even where values are stored, as with a palette
 */
record Masks(LabelRule values, ColourRule colours, boolean coloured) {

  /** A mask as labels. */
  @SuppressWarnings("ArrayRecordComponent") // pixels are handed on, never compared
  record Labels(int width, int height, byte[] values) {}

  /**
   * Reads a mask.
   *
   * @param others all masks of its split, to look for colours in if nobody says what they mean
   * @throws DataException if it cannot be read, or has a value or a colour of no class
   */
  Labels read(Path file, Supplier<List<Path>> others) {
    Optional<ImageParts> large = ImageParts.of(file);
    if (large.isPresent()) {
      return read(large.get(), others);
    }
    byte[] bytes = ImageFiles.bytes(file);
    if (coloured || ColourRule.isTrueColour(file, bytes) || colours.paints(file, bytes)) {
      return byColour(file, bytes, others);
    }
    BufferedImage image = ImageFiles.maskImage(file, bytes);
    byte[] labels =
        image instanceof PlainImage plain
            ? values.apply(plain, file)
            : values.apply(ImageFiles.labels(file, image), file, 0);
    return new Labels(image.getWidth(), image.getHeight(), labels);
  }

  /** Reads a mask by parts. */
  Labels read(ImageParts mask, Supplier<List<Path>> others) {
    int width = mask.size().width();
    int height = mask.size().height();
    boolean byColour = coloured || ColourRule.isTrueColour(mask.file(), mask.head());
    Room.requireLabels(mask.file(), mask.size());
    byte[] labels = new byte[width * height];
    int most = mask.rows(width);
    for (int top = 0; top < height; top += most) {
      Rectangle rows = new Rectangle(0, top, width, Math.min(most, height - top));
      byte[] some =
          byColour
              ? painted(mask, rows, others)
              : values.apply(mask.values(rows), mask.file(), top);
      System.arraycopy(some, 0, labels, top * width, some.length);
    }
    return new Labels(width, height, labels);
  }

  private byte[] painted(ImageParts mask, Rectangle rows, Supplier<List<Path>> others) {
    ColourRule.refuseLossy(mask.file(), mask.head());
    Picture some = mask.rgb(rows);
    if (colours.isEmpty()) {
      throw ColourRule.unnamed(mask.file(), some, others.get());
    }
    return colours.apply(some, mask.file(), rows.y);
  }

  /** Whether the colours of such a mask count. */
  boolean isByColour(MaskFacts mask) {
    return coloured || mask.coloured();
  }

  /**
   * Whether it has a palette, and each of its colours that occurs is that of a class or of void.
   */
  boolean hasColours(MaskFacts mask) {
    return !colours.isEmpty()
        && !mask.palette().isEmpty()
        && mask.palette().values().stream().allMatch(rgb -> colours.label(rgb).isPresent());
  }

  /** The meaning of a value or a colour of a mask: a class, or void; empty if it has none. */
  OptionalInt label(MaskFacts mask, int value) {
    if (!isByColour(mask)) {
      return values.label(value);
    }
    int grey = value * 0x010101;
    return colours.label(mask.coloured() ? value : mask.palette().getOrDefault(value, grey));
  }

  private Labels byColour(Path file, byte[] bytes, Supplier<List<Path>> others) {
    Picture mask = ColourRule.read(file, bytes);
    if (colours.isEmpty()) {
      throw ColourRule.unnamed(file, mask, others.get());
    }
    return new Labels(mask.width(), mask.height(), colours.apply(mask, file, 0));
  }
}
