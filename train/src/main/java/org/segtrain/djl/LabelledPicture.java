package org.segtrain.djl;

import java.util.Arrays;
import org.segtrain.augment.Fitted;
import org.segtrain.augment.Fitting;
import org.segtrain.data.Picture;
import org.segtrain.data.Sample;

/**
 * A photograph as a model reads it, and its labels, which may have another size.
 *
 * @param width of the labels, pixels
 * @param height of the labels, pixels
 * @param labels {@code H*W} bytes: the class, or 255 for void
 */
@SuppressWarnings("ArrayRecordComponent") // pixels are handed on, never compared
record LabelledPicture(Picture picture, int width, int height, byte[] labels) {

  /** Both as they are. */
  static LabelledPicture of(Sample sample) {
    return new LabelledPicture(sample.picture(), sample.width(), sample.height(), sample.labels());
  }

  /**
   * The photograph fitted for evaluation. Labels keep their own size, unless the photograph is
   * padded. Then they are resized to it, to the nearest, and void in the padding.
   */
  static LabelledPicture of(Sample sample, Fitting fitting) {
    Fitted fitted = fitting.apply(sample.picture());
    if (!fitted.isPadded()) {
      return new LabelledPicture(
          fitted.picture(), sample.width(), sample.height(), sample.labels());
    }
    Picture picture = fitted.picture();
    byte[] labels = new byte[picture.width() * picture.height()];
    Arrays.fill(labels, (byte) Sample.VOID);
    for (int y = 0; y < fitted.height(); y++) {
      int row = sample.width() * (y * sample.height() / fitted.height());
      for (int x = 0; x < fitted.width(); x++) {
        labels[y * picture.width() + x] =
            sample.labels()[row + x * sample.width() / fitted.width()];
      }
    }
    return new LabelledPicture(picture, picture.width(), picture.height(), labels);
  }
}
