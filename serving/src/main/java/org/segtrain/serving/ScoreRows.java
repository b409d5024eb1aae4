package org.segtrain.serving;

import java.util.Arrays;
import org.segtrain.images.PixelSize;

/**
 * Rows of the scores of all classes, {@code K*W} numbers each, class by class. Enlarged ones are
 * computed from the two rows between which they lie, so that a photograph's scores need no memory.
 */
abstract class ScoreRows {

  private final int classes;
  private final PixelSize size;

  private ScoreRows(int classes, PixelSize size) {
    this.classes = classes;
    this.size = size;
  }

  /** The scores of a model, {@code K h w}. */
  static ScoreRows of(float[] scores, int classes, PixelSize size) {
    return new ScoreRows(classes, size) {
      @Override
      float[] row(int y) {
        float[] row = new float[classes * size.width()];
        for (int k = 0; k < classes; k++) {
          int from = (k * size.height() + y) * size.width();
          System.arraycopy(scores, from, row, k * size.width(), size.width());
        }
        return row;
      }
    };
  }

  /** A row, which is not changed afterwards. */
  abstract float[] row(int y);

  /** The same scores of the upper left part of that size. */
  ScoreRows part(PixelSize shown) {
    if (shown.equals(size)) {
      return this;
    }
    ScoreRows whole = this;
    return new ScoreRows(classes, shown) {
      @Override
      float[] row(int y) {
        float[] row = whole.row(y);
        float[] some = new float[whole.classes * shown.width()];
        for (int k = 0; k < whole.classes; k++) {
          int from = k * whole.size.width();
          System.arraycopy(row, from, some, k * shown.width(), shown.width());
        }
        return some;
      }
    };
  }

  /**
   * Bilinear interpolation to a size, as PyTorch's {@code upsample_bilinear2d}.
   *
   * @param alignCorners whether the centres of the corner scores stay in place
   */
  ScoreRows enlarged(PixelSize to, boolean alignCorners) {
    return to.equals(size) ? this : new Enlarged(this, to, alignCorners);
  }

  /** The class with the highest score of each pixel, the first of equal ones; rows. */
  int[][] classes() {
    int[][] mask = new int[size.height()][];
    for (int y = 0; y < mask.length; y++) {
      mask[y] = highest(row(y));
    }
    return mask;
  }

  private int[] highest(float[] row) {
    int width = size.width();
    int[] mask = new int[width];
    float[] best = Arrays.copyOf(row, width);
    for (int k = 1; k < classes; k++) {
      for (int x = 0; x < width; x++) {
        float score = row[k * width + x];
        if (score > best[x]) {
          best[x] = score;
          mask[x] = k;
        }
      }
    }
    return mask;
  }

  private static final class Enlarged extends ScoreRows {

    private final ScoreRows from;
    private final boolean alignCorners;
    private final int[] left; // of each column
    private final float[] share; // of the column on its right
    private int aboveRow = -1;
    private int belowRow = -1;
    private float[] above;
    private float[] below;

    Enlarged(ScoreRows from, PixelSize to, boolean alignCorners) {
      super(from.classes, to);
      this.from = from;
      this.alignCorners = alignCorners;
      this.left = new int[to.width()];
      this.share = new float[to.width()];
      for (int x = 0; x < left.length; x++) {
        float at = source(x, from.size.width(), to.width());
        left[x] = Math.min((int) at, from.size.width() - 1);
        share[x] = at - left[x];
      }
    }

    @Override
    float[] row(int y) {
      float at = source(y, from.size.height(), super.size.height());
      int upper = Math.min((int) at, from.size.height() - 1);
      moveTo(upper, Math.min(upper + 1, from.size.height() - 1));
      float lower = at - upper;
      float[] row = new float[above.length];
      for (int i = 0; i < row.length; i++) {
        row[i] = (1 - lower) * above[i] + lower * below[i];
      }
      return row;
    }

    private void moveTo(int upper, int lower) {
      if (upper != aboveRow) {
        above = upper == belowRow ? below : widened(from.row(upper));
        aboveRow = upper;
      }
      if (lower != belowRow) {
        below = lower == aboveRow ? above : widened(from.row(lower));
        belowRow = lower;
      }
    }

    private float[] widened(float[] row) {
      int width = from.size.width();
      float[] wide = new float[super.classes * left.length];
      for (int k = 0; k < super.classes; k++) {
        for (int x = 0; x < left.length; x++) {
          int i = k * width + left[x];
          float right = row[Math.min(i + 1, k * width + width - 1)];
          wide[k * left.length + x] = (1 - share[x]) * row[i] + share[x] * right;
        }
      }
      return wide;
    }

    /** Where a place lies among those that it is interpolated from. */
    private float source(int place, int before, int after) {
      if (alignCorners) {
        return after > 1 ? place * ((before - 1) / (float) (after - 1)) : 0;
      }
      return Math.max(0, before / (float) after * (place + 0.5f) - 0.5f);
    }
  }
}
