package org.segtrain.images;

/** Adds the mean colour of ImageNet, which normalisation turns into about zero. */
public final class Padding {

  private Padding() {}

  /**
   * Pads on the right and below.
   *
   * @param rgb {@code H W 3}, bytes, red first
   * @param from their size
   * @param to the size with padding, no edge of which is shorter
   * @return {@code H W 3}; {@code rgb} itself if there is nothing to add
   */
  public static byte[] of(byte[] rgb, PixelSize from, PixelSize to) {
    return of(rgb, from, to, 0, 0);
  }

  /**
   * Pads on all sides.
   *
   * @param rgb {@code H W 3}, bytes, red first
   * @param from their size
   * @param to the size with padding, no edge of which is shorter
   * @param left pixels that are added on the left
   * @param top pixels that are added above
   * @return {@code H W 3}; {@code rgb} itself if there is nothing to add
   */
  public static byte[] of(byte[] rgb, PixelSize from, PixelSize to, int left, int top) {
    if (to.equals(from)) {
      return rgb;
    }
    byte[] padded = new byte[3 * to.width() * to.height()];
    for (int i = 0; i < padded.length; i++) {
      padded[i] = (byte) Math.round(Normalization.MEAN.get(i % 3));
    }
    int row = 3 * from.width();
    for (int y = 0; y < from.height(); y++) {
      System.arraycopy(rgb, y * row, padded, 3 * ((top + y) * to.width() + left), row);
    }
    return padded;
  }
}
