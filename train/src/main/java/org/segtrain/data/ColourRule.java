package org.segtrain.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.segtrain.errors.DataException;

/** The meaning of the colours in a data set's masks. */
final class ColourRule {

  private static final int SHOWN = 24;
  private static final int LOOKED_AT = 16; // masks, for a list of the colours
  private static final int CHANNELS = 3;

  private final Map<Integer, Integer> labels = new HashMap<>();

  /** The colours of {@code table}; none is known if it has none. */
  ColourRule(ClassTable table) {
    for (int k = 0; k < table.colours().size(); k++) {
      labels.put(table.colours().get(k), k);
    }
    table.voidColour().ifPresent(colour -> labels.put(colour, Sample.VOID));
  }

  boolean isEmpty() {
    return labels.isEmpty();
  }

  /**
   * Whether the header of {@code file} says that it has red, green and blue, in whatever format.
   *
   * @param bytes its beginning at least
   */
  static boolean isTrueColour(Path file, byte[] bytes) {
    try {
      ImageFormat format = ImageFormat.of(bytes).orElse(ImageFormat.GIF);
      return switch (format) {
        case PNG -> PngChunks.isTrueColour(bytes);
        case TIFF, BMP ->
            Header.read(
                file, format, reader -> reader.getImageTypes(0).next().getNumBands() >= CHANNELS);
        case JPEG, WEBP -> true; // they have no palette
        default -> false; // it has a palette, or reading says what it is
      };
    } catch (IOException | RuntimeException e) {
      return false; // reading it says why
    }
  }

  /**
   * Whether it is a GIF in colours that all have a class. GIF numbers its colours as it likes, so a
   * mask that was painted in colours has no other values.
   */
  boolean paints(Path file, byte[] bytes) {
    try {
      return !isEmpty()
          && ImageFormat.of(bytes).equals(Optional.of(ImageFormat.GIF))
          && labels.keySet().containsAll(colours(ImageFiles.readRgb(file, bytes)));
    } catch (DataException e) {
      return false; // reading it says why
    }
  }

  /** The colours of a mask, refused if its format may have changed them. */
  static Picture read(Path file, byte[] bytes) {
    refuseLossy(file, bytes);
    return ImageFiles.readRgb(file, bytes);
  }

  /**
   * Refuses a mask whose format changes colours.
   *
   * @param bytes all of it; the beginning is enough, but for WebP
   */
  static void refuseLossy(Path file, byte[] bytes) {
    String lossy =
        switch (ImageFormat.of(bytes).orElse(ImageFormat.PNG)) {
          case JPEG -> "JPEG";
          case WEBP -> Containers.isLossless(bytes) ? "" : "lossy WebP";
          default -> "";
        };
    if (!lossy.isEmpty()) {
      throw new DataException(
          "%s is a %s, which changes colours, so it is no mask; export the labels again as PNG, since a %s has lost them"
              .formatted(file, lossy, lossy));
    }
  }

  /**
   * The labels of a mask, or of some of its rows, by its colours.
   *
   * @param top which of its rows is the first
   */
  byte[] apply(Picture mask, Path file, int top) {
    byte[] result = new byte[mask.width() * mask.height()];
    int last = -1;
    byte label = 0;
    for (int i = 0; i < result.length; i++) {
      int colour = colour(mask, i);
      if (colour != last) {
        Integer known = labels.get(colour);
        if (known == null) {
          throw unknown(mask, file, top, i);
        }
        last = colour;
        label = known.byteValue();
      }
      result[i] = label;
    }
    return result;
  }

  /** The meaning of a colour: a class, or void; empty if it has none. */
  OptionalInt label(int colour) {
    Integer label = labels.get(colour);
    return label == null ? OptionalInt.empty() : OptionalInt.of(label);
  }

  /** The colour of a pixel, {@code 0xRRGGBB}. */
  static int colour(Picture picture, int pixel) {
    byte[] rgb = picture.rgb();
    return (rgb[3 * pixel] & 0xFF) << 16
        | (rgb[3 * pixel + 1] & 0xFF) << 8
        | (rgb[3 * pixel + 2] & 0xFF);
  }

  private DataException unknown(Picture mask, Path file, int top, int pixel) {
    Set<Integer> others = colours(mask);
    others.removeAll(labels.keySet());
    return new DataException(
        ("the colour #%06x in %s (column %d, row %d) is that of no class; write it behind a name in"
                + " classes.txt, or correct the mask; such colours there: %s")
            .formatted(
                colour(mask, pixel),
                file,
                pixel % mask.width(),
                top + pixel / mask.width(),
                list(others)));
  }

  /** The exception for coloured masks whose colours have no meaning yet. */
  static DataException unnamed(Path file, Picture mask, List<Path> masks) {
    Set<Integer> found = new LinkedHashSet<>(colours(mask));
    if (found.stream().allMatch(colour -> colour == (colour & 0xFF) * 0x010101)) {
      return new DataException(
          "%s has red, green and blue that are the same, so it may hold values of classes; save it with one channel"
              .formatted(file));
    }
    int step = Math.max(1, masks.size() / LOOKED_AT);
    for (int i = 0; i < masks.size(); i += step) {
      byte[] bytes = ImageFiles.bytes(masks.get(i));
      if (isTrueColour(masks.get(i), bytes)) {
        found.addAll(colours(read(masks.get(i), bytes)));
      }
    }
    return new DataException(
        ("%s is a colour image, so its colours say the class, but no colours are known; write each"
                + " class into classes.txt as in \"sky #4682b4\", and \"void #000000\" for no class;"
                + " colours found: %s")
            .formatted(file, list(found)));
  }

  private static Set<Integer> colours(Picture picture) {
    Set<Integer> colours = new LinkedHashSet<>();
    int last = -1;
    for (int i = 0; i < picture.width() * picture.height(); i++) {
      int colour = colour(picture, i);
      if (colour != last) {
        colours.add(colour);
        last = colour;
      }
    }
    return colours;
  }

  private static String list(Set<Integer> colours) {
    List<Integer> sorted = new ArrayList<>(colours);
    sorted.sort(null);
    String shown =
        sorted.stream().limit(SHOWN).map("#%06x"::formatted).collect(Collectors.joining(", "));
    return colours.size() <= SHOWN
        ? shown
        : "%s and %d more, as of a photograph or of edges that were smoothed"
            .formatted(shown, colours.size() - SHOWN);
  }
}
