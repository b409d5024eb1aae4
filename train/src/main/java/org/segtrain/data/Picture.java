package org.segtrain.data;

/** An image: {@code H*W*3} bytes, row by row, red first. */
@SuppressWarnings("ArrayRecordComponent") // pixels are handed on, never compared
public record Picture(int width, int height, byte[] rgb) {

  public Picture {
    if (width < 1 || height < 1 || rgb.length != 3L * width * height) {
      throw new IllegalArgumentException(
          "an image of %d x %d has %d colour bytes, but got %d"
              .formatted(width, height, 3L * width * height, rgb.length));
    }
  }
}
