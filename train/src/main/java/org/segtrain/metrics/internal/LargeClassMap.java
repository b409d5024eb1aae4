package org.segtrain.metrics.internal;

import ai.djl.ndarray.NDManager;
import org.segtrain.images.PixelSize;

/**
 * The class map of an image whose enlarged scores are too many for the memory. Rows of the scores
 * are made as wide as the image, and interpolated one output row at a time.
 */
final class LargeClassMap {

  private final ClassMap.View view;
  private final PixelSize image;
  private final boolean alignCorners;
  private final int classes;
  private int aboveRow = -1;
  private int belowRow = -1;
  private float[] above;
  private float[] below;

  LargeClassMap(ClassMap.View view, PixelSize image, boolean alignCorners) {
    this.view = view;
    this.image = image;
    this.alignCorners = alignCorners;
    this.classes = (int) view.scores().size(1);
  }

  /** {@code H*W} bytes. */
  byte[] make() {
    Highest highest = new Highest(new byte[image.width() * image.height()], image.width());
    for (int y = 0; y < image.height(); y++) {
      ClassMap.RowPlace place = ClassMap.RowPlace.of(y, view, alignCorners);
      moveTo(place);
      highest.begin(y);
      for (int k = 0; k < classes; k++) {
        highest.offerBetween(k, above, below, k * view.enlarged().width(), place.share());
      }
    }
    return highest.map();
  }

  private void moveTo(ClassMap.RowPlace place) {
    if (place.above() != aboveRow) {
      above = place.above() == belowRow ? below : row(place.above());
      aboveRow = place.above();
    }
    if (place.below() != belowRow) {
      below = place.below() == aboveRow ? above : row(place.below());
      belowRow = place.below();
    }
  }

  private float[] row(int from) {
    try (NDManager own = view.scores().getManager().newSubManager()) {
      return ClassMap.widened(own, view, alignCorners, from, from + 1).toFloatArray();
    }
  }
}
