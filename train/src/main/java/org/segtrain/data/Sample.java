package org.segtrain.data;

/**
 * A photograph and its labels.
 *
 * @param name in messages and file names
 * @param rgb {@code H*W*3} bytes, row by row, red first
 * @param labels {@code H*W} bytes: the class, or {@link #VOID}
 */
@SuppressWarnings("ArrayRecordComponent") // pixels are handed on, never compared
public record Sample(String name, int width, int height, byte[] rgb, byte[] labels)
    implements LabelledPhotograph {

  /** The label of pixels that are neither trained nor scored. */
  public static final int VOID = 255;

  public Sample {
    if (width < 1 || height < 1 || rgb.length != 3L * width * height) {
      throw new IllegalArgumentException(
          "an image of %d x %d has %d colour bytes, but %s has %d"
              .formatted(width, height, 3L * width * height, name, rgb.length));
    }
    if (labels.length != (long) width * height) {
      throw new IllegalArgumentException(
          "an image of %d x %d has %d labels, but %s has %d"
              .formatted(width, height, (long) width * height, name, labels.length));
    }
  }

  @Override
  public Photograph photograph() {
    return picture();
  }

  /** The photograph alone. */
  public Picture picture() {
    return new Picture(width, height, rgb);
  }
}
