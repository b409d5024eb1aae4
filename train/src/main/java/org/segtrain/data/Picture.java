package org.segtrain.data;

/** An image: {@code H*W*3} bytes, row by row, red first. */
@SuppressWarnings("ArrayRecordComponent") // pixels are handed on, never compared
public record Picture(int width, int height, byte[] rgb) implements Photograph {

  public Picture {
    if (width < 1 || height < 1 || rgb.length != 3L * width * height) {
      throw new IllegalArgumentException(
          "an image of %d x %d has %d colour bytes, but got %d"
              .formatted(width, height, 3L * width * height, rgb.length));
    }
  }

  @Override
  public Picture part(int left, int top, int width, int height) {
    byte[] some = new byte[3 * width * height];
    for (int y = 0; y < height; y++) {
      System.arraycopy(rgb, 3 * ((top + y) * this.width + left), some, 3 * y * width, 3 * width);
    }
    return new Picture(width, height, some);
  }

  @Override
  public Picture whole() {
    return this;
  }

  /** The same with left and right exchanged. */
  public Picture mirrored() {
    byte[] other = new byte[rgb.length];
    for (int row = 0; row < rgb.length; row += 3 * width) {
      int to = row + 3 * width - 3;
      for (int from = row; from < row + 3 * width; from += 3, to -= 3) {
        other[to] = rgb[from];
        other[to + 1] = rgb[from + 1];
        other[to + 2] = rgb[from + 2];
      }
    }
    return new Picture(width, height, other);
  }
}
