package org.segtrain.data;

/** A mask as its file holds it: {@code H*W} values of 0-65535, row by row, not yet classes. */
@SuppressWarnings("ArrayRecordComponent") // pixels are handed on, never compared
public record LabelMap(int width, int height, int[] values) {

  public LabelMap {
    if (width < 1 || height < 1 || values.length != (long) width * height) {
      throw new IllegalArgumentException(
          "a mask of %d x %d has %d values, but got %d"
              .formatted(width, height, (long) width * height, values.length));
    }
  }
}
