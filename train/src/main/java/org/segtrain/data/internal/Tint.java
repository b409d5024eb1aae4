package org.segtrain.data.internal;

import org.segtrain.data.Palette;
import org.segtrain.data.Photograph;
import org.segtrain.data.Picture;

/**
 * A photograph under the colours of its labels: half the photograph, half the colours of the
 * classes.
 *
 * @param labels {@code H*W} bytes
 */
@SuppressWarnings("ArrayRecordComponent") // pixels are handed on, never compared
public record Tint(Photograph photograph, byte[] labels, Palette palette) implements Photograph {

  /** All of it. */
  public static Picture of(Photograph photograph, byte[] labels, Palette palette) {
    return new Tint(photograph, labels, palette).whole();
  }

  @Override
  public int width() {
    return photograph.width();
  }

  @Override
  public int height() {
    return photograph.height();
  }

  @Override
  public Picture part(int left, int top, int width, int height) {
    byte[] rgb = photograph.part(left, top, width, height).rgb();
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int colour = palette.rgb(labels[(top + y) * width() + left + x] & 0xff);
        for (int c = 0; c < 3; c++) {
          int i = 3 * (y * width + x) + c;
          rgb[i] = (byte) (((rgb[i] & 0xff) + (colour >> (8 * (2 - c)) & 0xff)) / 2);
        }
      }
    }
    return new Picture(width, height, rgb);
  }

  @Override
  public Picture whole() {
    return part(0, 0, width(), height());
  }
}
