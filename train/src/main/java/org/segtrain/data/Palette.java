package org.segtrain.data;

import java.util.List;
import java.util.stream.IntStream;

/**
 * A colour for every class: those of the data set, or PASCAL VOC's bit colour map from its second
 * colour on, so that black is left for void.
 */
public final class Palette {

  /**
   * Colours of void, black first; then VOC's for borders and others, for data sets with these among
   * their classes.
   */
  private static final List<Integer> VOID_COLOURS = List.of(0, 0xE0E0C0, 0x808080, 0xFFFFFF);

  private final List<Integer> colours;
  private final int voidColour;

  private Palette(List<Integer> colours) {
    this.colours = List.copyOf(colours);
    this.voidColour =
        VOID_COLOURS.stream().filter(colour -> !colours.contains(colour)).findFirst().orElse(1);
  }

  /** Up to 255 classes, all of different colours. */
  public static Palette of(int classes) {
    refuseUnlessPossible(classes);
    return new Palette(IntStream.rangeClosed(1, classes).mapToObj(Palette::bits).toList());
  }

  /**
   * Classes of given colours.
   *
   * @param colours of each class, {@code 0xRRGGBB}
   */
  public static Palette of(List<Integer> colours) {
    refuseUnlessPossible(colours.size());
    return new Palette(colours);
  }

  private static void refuseUnlessPossible(int classes) {
    if (classes < 1 || classes > Sample.VOID) {
      throw new IllegalArgumentException(
          "a palette has 1-%d classes, but got %d".formatted(Sample.VOID, classes));
    }
  }

  /** Three bits of the number for each bit of the colours. */
  private static int bits(int number) {
    int rgb = 0;
    int rest = number;
    for (int bit = 7; rest > 0; bit--, rest >>= 3) {
      rgb |= (rest & 1) << (16 + bit) | (rest >> 1 & 1) << (8 + bit) | (rest >> 2 & 1) << bit;
    }
    return rgb;
  }

  public int classes() {
    return colours.size();
  }

  /** The colour of a class, or of void, as {@code 0xRRGGBB}. */
  public int rgb(int label) {
    if (label == Sample.VOID) {
      return voidColour;
    }
    if (label < 0 || label >= colours.size()) {
      throw new IllegalArgumentException(
          "label %d has no colour; the palette has classes 0-%d and %d = void"
              .formatted(label, colours.size() - 1, Sample.VOID));
    }
    return colours.get(label);
  }

  /** The colour of a class, or of void, as {@code #rrggbb}. */
  public String hex(int label) {
    return "#%06x".formatted(rgb(label));
  }
}
