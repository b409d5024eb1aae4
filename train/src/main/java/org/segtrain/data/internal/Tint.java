package org.segtrain.data.internal;

import org.segtrain.data.Palette;
import org.segtrain.data.Picture;

/** A photograph under the colours of its labels. */
public final class Tint {

  private Tint() {}

  /** Half the photograph, half the colours of the classes. */
  public static Picture of(Picture picture, byte[] labels, Palette palette) {
    byte[] rgb = new byte[picture.rgb().length];
    for (int i = 0; i < rgb.length; i++) {
      int colour = palette.rgb(labels[i / 3] & 0xff) >> (8 * (2 - i % 3)) & 0xff;
      rgb[i] = (byte) (((picture.rgb()[i] & 0xff) + colour) / 2);
    }
    return new Picture(picture.width(), picture.height(), rgb);
  }
}
