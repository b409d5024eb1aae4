package org.segtrain.augment;

import java.util.random.RandomGenerator;
import org.segtrain.data.Sample;

/**
 * Resizes a sample to a short edge and keeps its aspect ratio; nothing is random.
 *
 * @param pixels of the short edge
 * @param shrinks whether that is done to larger samples too
 * @param between how the photograph is resized
 */
record ShortEdge(int pixels, boolean shrinks, Interpolation between) implements Resizing {

  ShortEdge {
    if (pixels < 1) {
      throw new IllegalArgumentException(
          "the short edge must be at least 1 pixel, but got " + pixels);
    }
  }

  @Override
  public Frame frame(Sample sample, RandomGenerator random) {
    int now = Math.min(sample.width(), sample.height());
    return now > pixels && !shrinks
        ? new Frame(sample.width(), sample.height())
        : Frame.scaled(sample.width(), sample.height(), pixels / (double) now);
  }
}
