package org.segtrain.serving;

import ai.djl.modality.cv.Image;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import org.segtrain.images.Padding;
import org.segtrain.images.PixelSize;
import org.segtrain.images.StoredColours;

/**
 * The pixels of a photograph. They are resized as in evaluation, linearly between pixel centres
 * without antialiasing; DJL's own resizing antialiases.
 */
final class Pixels {

  private final PixelSize size;
  private final byte[] rgb;

  /**
   * Takes pixels as they are.
   *
   * @param rgb {@code H W 3}
   */
  Pixels(PixelSize size, byte[] rgb) {
    this.size = size;
    this.rgb = rgb;
  }

  /**
   * Those of {@code photograph} as they are stored.
   *
   * @param manager for arrays that are closed with it
   */
  static Pixels of(Image photograph, NDManager manager) {
    PixelSize size = new PixelSize(photograph.getWidth(), photograph.getHeight());
    return new Pixels(size, StoredColours.rgb(photograph, manager));
  }

  /** {@code H W 3}, uint8. */
  NDArray array(NDManager manager) {
    Shape shape = new Shape(size.height(), size.width(), 3);
    return manager.create(ByteBuffer.wrap(rgb), shape, DataType.UINT8);
  }

  byte[] rgb() {
    return rgb;
  }

  /** Resizes, as OpenCV's {@code INTER_LINEAR} does but for its rounding. */
  Pixels resized(PixelSize to) {
    if (to.equals(size)) {
      return this;
    }
    Taps columns = new Taps(size.width(), to.width());
    Taps rows = new Taps(size.height(), to.height());
    byte[] result = new byte[3 * to.width() * to.height()];
    int i = 0;
    for (int y = 0; y < to.height(); y++) {
      int above = 3 * size.width() * rows.first[y];
      int below = 3 * size.width() * rows.second[y];
      for (int x = 0; x < to.width(); x++) {
        for (int colour = 0; colour < 3; colour++) {
          float upper = columns.between(rgb, above + colour, x);
          float lower = columns.between(rgb, below + colour, x);
          result[i++] = (byte) (upper + (lower - upper) * rows.share[y] + 0.5f);
        }
      }
    }
    return new Pixels(to, result);
  }

  /** Adds the mean colour on the right and below. */
  Pixels padded(PixelSize to) {
    return new Pixels(to, Padding.of(rgb, size, to));
  }

  /** For each place along an edge the two places of the other edge that it lies between. */
  private static final class Taps {

    private final int[] first;
    private final int[] second;
    private final float[] share; // of the second

    Taps(int from, int to) {
      first = new int[to];
      second = new int[to];
      share = new float[to];
      double scale = from / (double) to;
      for (int i = 0; i < to; i++) {
        double centre = Math.min(Math.max((i + 0.5) * scale - 0.5, 0), from - 1.0);
        first[i] = (int) centre;
        second[i] = Math.min(first[i] + 1, from - 1);
        share[i] = (float) (centre - first[i]);
      }
    }

    /** The value at place {@code i} of a row of colours, which are three apart. */
    float between(byte[] values, int row, int i) {
      int start = Byte.toUnsignedInt(values[row + 3 * first[i]]);
      int end = Byte.toUnsignedInt(values[row + 3 * second[i]]);
      return start + (end - start) * share[i];
    }
  }
}
