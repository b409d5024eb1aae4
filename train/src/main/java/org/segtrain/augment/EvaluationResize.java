package org.segtrain.augment;

import org.segtrain.data.Picture;

/**
 * Resizes an image for evaluation as PVT's published test pipeline does ({@code AlignResize}):
 * first keeping its aspect ratio, so that its short edge is at most {@code size} and its long edge
 * at most four times that; then both edges up to multiples of {@value #MULTIPLE}, resized, not
 * padded. Labels keep their own size.
 *
 * @param size pixels of the short edge before it is rounded up
 */
public record EvaluationResize(int size) {

  /** Edges are multiples of the coarsest stride of a backbone, so no map is cut off. */
  static final int MULTIPLE = 32;

  public EvaluationResize {
    if (size < 1) {
      throw new IllegalArgumentException("size must be at least 1 pixel, but got " + size);
    }
  }

  /** The image that a model reads: at least {@value #MULTIPLE} pixels high and wide. */
  public Picture apply(Picture picture) {
    Picture fitted =
        Frame.fitting(picture.width(), picture.height(), 4 * size, size).resize(picture);
    return new Frame(aligned(fitted.width()), aligned(fitted.height())).resize(fitted);
  }

  private static int aligned(int edge) {
    return (edge + MULTIPLE - 1) / MULTIPLE * MULTIPLE;
  }
}
