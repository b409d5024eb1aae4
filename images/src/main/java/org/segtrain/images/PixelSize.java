package org.segtrain.images;

/** A width and a height in pixels. */
public record PixelSize(int width, int height) {

  public PixelSize {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "an image has at least 1 x 1 pixels, but got %d x %d".formatted(width, height));
    }
  }

  /** Width times height. */
  public long pixels() {
    return (long) width * height;
  }
}
