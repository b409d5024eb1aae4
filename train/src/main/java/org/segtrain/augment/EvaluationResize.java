package org.segtrain.augment;

import org.segtrain.data.Picture;

/**
 * Resizes an image for evaluation, keeping its aspect ratio, so that its short edge is at most
 * {@code size} and its long edge at most four times that. Labels keep their own size.
 */
public record EvaluationResize(int size) {

  public EvaluationResize {
    if (size < 1) {
      throw new IllegalArgumentException("size must be at least 1 pixel, but got " + size);
    }
  }

  public Picture apply(Picture picture) {
    Frame frame = Frame.fitting(picture.width(), picture.height(), 4 * size, size);
    if (frame.width() == picture.width() && frame.height() == picture.height()) {
      return picture;
    }
    return new Picture(
        frame.width(),
        frame.height(),
        OpenCv.resizeRgb(picture.rgb(), picture.width(), picture.height(), frame));
  }
}
