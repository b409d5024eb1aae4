package org.segtrain.data;

/**
 * A colour for every class: PASCAL VOC's bit colour map from its second colour on, so that black is
 * left for void.
 */
public final class Palette {

  private final int classes;

  private Palette(int classes) {
    this.classes = classes;
  }

  /** Up to 255 classes, all of different colours. */
  public static Palette of(int classes) {
    if (classes < 1 || classes > Sample.VOID) {
      throw new IllegalArgumentException(
          "a palette has 1-%d classes, but got %d".formatted(Sample.VOID, classes));
    }
    return new Palette(classes);
  }

  public int classes() {
    return classes;
  }

  /** The colour of a class, or of void, as {@code 0xRRGGBB}. */
  public int rgb(int label) {
    if (label == Sample.VOID) {
      return 0;
    }
    if (label < 0 || label >= classes) {
      throw new IllegalArgumentException(
          "label %d has no colour; the palette has classes 0-%d and %d = void"
              .formatted(label, classes - 1, Sample.VOID));
    }
    int rest = label + 1;
    int rgb = 0;
    for (int bit = 7; rest > 0; bit--, rest >>= 3) { // three bits of the number per colour bit
      rgb |= (rest & 1) << (16 + bit) | (rest >> 1 & 1) << (8 + bit) | (rest >> 2 & 1) << bit;
    }
    return rgb;
  }

  /** The colour of a class, or of void, as {@code #rrggbb}. */
  public String hex(int label) {
    return "#%06x".formatted(rgb(label));
  }
}
