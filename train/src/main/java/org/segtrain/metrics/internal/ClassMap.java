package org.segtrain.metrics.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.segtrain.engine.Aten;
import org.segtrain.images.PixelSize;

/**
 * From scores to the class of each pixel: the one with the highest score, or with the highest mean
 * probability over several views.
 *
 * <p>All enlarged scores of a large photograph would take gigabytes, so they are made a strip of
 * rows at a time.
 */
public final class ClassMap {

  /** Enlarged scores that are in memory at a time, elements: 256 MB. */
  public static final long LARGEST = 64L << 20;

  private ClassMap() {}

  /**
   * What a model says of an image that was resized, and perhaps padded or mirrored.
   *
   * @param scores {@code 1 K h w}
   * @param enlarged the size to which they are enlarged; what is right of the image and below it is
   *     left out
   * @param mirrored whether left and right are exchanged
   */
  public record View(NDArray scores, PixelSize enlarged, boolean mirrored) {}

  /**
   * The class of each pixel of an image of that size, {@code H*W} bytes.
   *
   * @param alignCorners how scores are enlarged
   */
  public static byte[] of(List<View> views, PixelSize image, boolean alignCorners) {
    return of(views, image, alignCorners, LARGEST);
  }

  /** With at most {@code largest} enlarged scores of a view in memory at a time, or one row. */
  static byte[] of(List<View> views, PixelSize image, boolean alignCorners, long largest) {
    NDArray first = views.get(0).scores();
    int width = image.width();
    long most = Math.max(1, Math.min(image.height(), largest / (first.size(1) * width)));
    byte[] map = new byte[width * image.height()];
    for (int top = 0; top < image.height(); top += (int) most) {
      int bottom = (int) Math.min(image.height(), top + most);
      try (NDManager own = first.getManager().newSubManager()) {
        byte[] strip = highest(strip(own, views, image, alignCorners, top, bottom));
        System.arraycopy(strip, 0, map, top * width, strip.length);
      }
    }
    return map;
  }

  /** The classes with the highest scores, {@code 1 K H W -> H*W} bytes. */
  public static byte[] highest(NDArray scores) {
    return scores.argMax(1).toType(DataType.UINT8, false).toByteArray();
  }

  /** Scores of a view, or the sum of the probabilities of several, {@code 1 K bottom-top W}. */
  private static NDArray strip(
      NDManager own, List<View> views, PixelSize image, boolean alignCorners, int top, int bottom) {
    if (views.size() == 1) {
      return shown(own, views.get(0), image, alignCorners, top, bottom);
    }
    NDArray sum = null;
    for (View view : views) {
      try (NDManager one = own.newSubManager()) {
        NDArray shares = shown(one, view, image, alignCorners, top, bottom).softmax(1);
        if (sum == null) {
          sum = shares;
          sum.attach(own);
        } else {
          sum.addi(shares);
        }
      }
    }
    return sum;
  }

  private static NDArray shown(
      NDManager own, View view, PixelSize image, boolean alignCorners, int top, int bottom) {
    boolean isWhole = top == 0 && bottom == image.height();
    NDArray large =
        isWhole
            ? Aten.resizeBilinear(
                view.scores().get(own, new NDIndex(":")),
                view.enlarged().height(),
                view.enlarged().width(),
                alignCorners)
            : rows(own, view, alignCorners, top, bottom);
    NDArray shown = large.get(new NDIndex("..., :{}, :{}", bottom - top, image.width()));
    return view.mirrored() ? shown.flip(3) : shown;
  }

  /**
   * Some rows of the enlarged scores, {@code 1 K h w -> 1 K bottom-top W}: first the rows between
   * which they lie are made as wide, then they are interpolated, by PyTorch's {@code
   * upsample_bilinear2d}, with its rounding.
   */
  private static NDArray rows(NDManager own, View view, boolean alignCorners, int top, int bottom) {
    int height = (int) view.scores().size(2);
    int count = bottom - top;
    long[] above = new long[count];
    long[] below = new long[count];
    float[] share = new float[count]; // of the row below
    for (int i = 0; i < count; i++) {
      float at = source(top + i, height, view.enlarged().height(), alignCorners);
      above[i] = Math.min((int) at, height - 1);
      below[i] = Math.min(above[i] + 1, height - 1);
      share[i] = at - above[i];
    }
    long first = above[0];
    long last = below[count - 1];
    for (int i = 0; i < count; i++) {
      above[i] -= first;
      below[i] -= first;
    }
    NDArray wide =
        Aten.resizeBilinear(
            view.scores().get(own, new NDIndex("..., {}:{}, :", first, last + 1)),
            last + 1 - first,
            view.enlarged().width(),
            alignCorners);
    return Aten.call(
        "torch.lerp(torch.index_select($0, 2, $1), torch.index_select($0, 2, $2), $3)",
        wide,
        own.create(above),
        own.create(below),
        own.create(share, new Shape(count, 1)));
  }

  /** Where row {@code y} of the enlarged scores lies among the rows of the scores. */
  private static float source(int y, int height, int enlarged, boolean alignCorners) {
    if (alignCorners) {
      return enlarged > 1 ? y * ((height - 1) / (float) (enlarged - 1)) : 0;
    }
    float scale = height / (float) enlarged;
    return Math.max(0, scale * (y + 0.5f) - 0.5f);
  }
}
