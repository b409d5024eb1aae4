package org.segtrain.augment;

import org.segtrain.data.Picture;
import org.segtrain.images.InputSize;
import org.segtrain.images.PixelSize;

/**
 * How photographs get the size at which a model is evaluated.
 *
 * @param size that of an exported model too
 */
public record Fitting(InputSize size) {

  /** The photograph at that size. */
  public Fitted apply(Picture picture) {
    PixelSize scaled = size.scaled(new PixelSize(picture.width(), picture.height()));
    Picture resized = Frame.of(scaled).resize(picture);
    Frame whole = Frame.of(size.whole(scaled));
    return size.padded()
        ? new Fitted(whole.pad(resized), scaled.width(), scaled.height())
        : Fitted.whole(whole.resize(resized));
  }
}
