package org.segtrain.check;

import org.segtrain.data.Picture;
import org.segtrain.data.Sample;
import org.segtrain.images.Normalization;

/**
 * Where augmentation has put a sample into its crop: the smallest rectangle that holds every pixel
 * that has a label or another colour than padding.
 */
record Padded(int left, int top, int right, int bottom) {

  /** The name of padding in a legend. */
  static final String NAME = "padding";

  /** Of padding in pictures, light and dark. */
  static final int COLOUR = 0x9AA0A6;

  private static final int DARK = 0x80868C;
  private static final int STRIPE = 6; // pixels

  static Padded of(Sample sample) {
    int left = sample.width();
    int top = sample.height();
    int right = 0;
    int bottom = 0;
    for (int i = 0; i < sample.labels().length; i++) {
      if (!isPadding(sample, i)) {
        left = Math.min(left, i % sample.width());
        right = Math.max(right, i % sample.width() + 1);
        top = Math.min(top, i / sample.width());
        bottom = Math.max(bottom, i / sample.width() + 1);
      }
    }
    return new Padded(left, top, right, bottom);
  }

  private static boolean isPadding(Sample sample, int pixel) {
    boolean like = sample.labels()[pixel] == (byte) Sample.VOID;
    for (int band = 0; like && band < 3; band++) {
      int mean = Math.round(Normalization.MEAN.get(band));
      like = (sample.rgb()[3 * pixel + band] & 0xFF) == mean;
    }
    return like;
  }

  private boolean holds(int x, int y) {
    return x >= left && x < right && y >= top && y < bottom;
  }

  /** The picture with stripes where it is padding. */
  Picture striped(Picture picture) {
    byte[] rgb = picture.rgb().clone();
    for (int i = 0; i < rgb.length; i++) {
      int x = i / 3 % picture.width();
      int y = i / 3 / picture.width();
      if (!holds(x, y)) {
        int colour = (x + y) / STRIPE % 2 == 0 ? COLOUR : DARK;
        rgb[i] = (byte) (colour >> (8 * (2 - i % 3)));
      }
    }
    return new Picture(picture.width(), picture.height(), rgb);
  }
}
