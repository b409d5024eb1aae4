package org.segtrain.augment;

import org.segtrain.data.Picture;

/**
 * A photograph as a model reads it in evaluation. The photograph's {@code width x height} pixels
 * begin at the top left; the rest is padding.
 *
 * @param picture with the padding
 * @param width of the photograph, pixels
 * @param height of the photograph, pixels
 */
public record Fitted(Picture picture, int width, int height) {

  /** Without padding. */
  static Fitted whole(Picture picture) {
    return new Fitted(picture, picture.width(), picture.height());
  }

  /** Whether there is padding. */
  public boolean isPadded() {
    return picture.width() != width || picture.height() != height;
  }
}
