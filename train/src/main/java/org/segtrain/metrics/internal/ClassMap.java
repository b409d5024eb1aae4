package org.segtrain.metrics.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Optional;
import org.segtrain.data.Confidences;
import org.segtrain.engine.Aten;
import org.segtrain.images.PixelSize;
import org.segtrain.metrics.Averaging;

/**
 * From scores to the class of each pixel: the one with the highest score, or with the highest mean
 * over several views.
 *
 * <p>All enlarged scores of a large photograph would take gigabytes, so they are made a strip of
 * rows at a time.
 */
public final class ClassMap {

  /** Enlarged scores that are in memory at a time, elements: 256 MB. */
  private static final long LARGEST = 64L << 20;

  private static final String HIGHEST = "torch.to(torch.max($0, 1)[1], 0)"; // uint8

  /** The soft-max of the highest score, without those of the others. */
  private static final String PROBABILITY =
      "torch.exp(torch.sub(torch.amax($0, [1]), torch.logsumexp($0, [1])))";

  private static final String LARGEST_OF = "torch.amax($0, [1])";

  private ClassMap() {}

  /**
   * The scores of an image that was resized, and perhaps padded or mirrored.
   *
   * @param scores {@code 1 K h w}
   * @param enlarged the size to which they are enlarged; the parts right of the image and below it
   *     are left out
   * @param mirrored whether left and right are exchanged
   */
  public record View(NDArray scores, PixelSize enlarged, boolean mirrored) {}

  /**
   * The class of each pixel of an image of that size, {@code H*W} bytes.
   *
   * @param average the values of several views that are averaged
   * @param alignCorners how scores are enlarged
   */
  public static byte[] of(
      List<View> views, PixelSize image, Averaging average, boolean alignCorners) {
    return of(views, image, average, alignCorners, Optional.empty());
  }

  /**
   * The same.
   *
   * @param into takes the probability of each class: the mean over the views of its soft-max, or
   *     the soft-max of the mean scores, as they are averaged
   */
  public static byte[] of(
      List<View> views,
      PixelSize image,
      Averaging average,
      boolean alignCorners,
      Optional<Confidences> into) {
    return of(views, image, average, alignCorners, into, LARGEST);
  }

  /** With at most {@code largest} enlarged scores of a view in memory at a time, or one row. */
  static byte[] of(
      List<View> views,
      PixelSize image,
      Averaging average,
      boolean alignCorners,
      Optional<Confidences> into,
      long largest) {
    View first = views.get(0);
    int width = image.width();
    long most = Math.max(1, largest / (first.scores().size(1) * width));
    boolean isLarge = views.size() == 1 && !first.mirrored() && most < image.height();
    byte[] map =
        isLarge
            ? new LargeClassMap(first, image, alignCorners).make()
            : new byte[width * image.height()];
    if (isLarge && into.isEmpty()) {
      return map;
    }
    for (int top = 0; top < image.height(); top += (int) most) {
      int bottom = (int) Math.min(image.height(), top + most);
      try (NDManager own = first.scores().getManager().newSubManager()) {
        NDArray strip = strip(own, views, image, average, alignCorners, top, bottom);
        if (!isLarge) {
          byte[] classes = highest(strip);
          System.arraycopy(classes, 0, map, top * width, classes.length);
        }
        if (into.isPresent()) {
          into.get().put(0, top, width, probabilities(strip, views.size(), average));
        }
      }
    }
    return map;
  }

  /**
   * The classes with the highest scores, the first of equal ones, {@code 1 K H W -> H*W} bytes.
   * PyTorch's {@code max} is several times faster than its {@code argmax} over this axis.
   */
  public static byte[] highest(NDArray scores) {
    try (NDArray classes = Aten.call(HIGHEST, scores)) {
      return classes.toByteArray();
    }
  }

  /** The probabilities of the classes with the highest scores, {@code 1 K H W -> H*W}, 0-1. */
  public static float[] probabilities(NDArray scores) {
    try (NDArray highest = Aten.call(PROBABILITY, scores)) {
      return highest.toFloatArray();
    }
  }

  /** The same of a sum over views, in whose manager it computes. */
  private static float[] probabilities(NDArray sum, int views, Averaging average) {
    NDArray mean = views == 1 ? sum : Aten.scaled(sum, 1.0 / views);
    if (views == 1 || average == Averaging.LOGITS) {
      return probabilities(mean);
    }
    try (NDArray highest = Aten.call(LARGEST_OF, mean)) {
      return highest.toFloatArray();
    }
  }

  /** Scores of a view, or the sum over several, {@code 1 K bottom-top W}. */
  private static NDArray strip(
      NDManager own,
      List<View> views,
      PixelSize image,
      Averaging average,
      boolean alignCorners,
      int top,
      int bottom) {
    if (views.size() == 1) {
      return shown(own, views.get(0), image, alignCorners, top, bottom);
    }
    NDArray sum = null;
    for (View view : views) {
      try (NDManager one = own.newSubManager()) {
        NDArray scores = shown(one, view, image, alignCorners, top, bottom);
        NDArray more = average == Averaging.PROBABILITIES ? scores.softmax(1) : scores;
        if (sum == null) {
          sum = own.zeros(more.getShape());
        }
        sum.addi(more);
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

  /** Some rows of the enlarged scores, {@code 1 K h w -> 1 K bottom-top W}. */
  private static NDArray rows(NDManager own, View view, boolean alignCorners, int top, int bottom) {
    int count = bottom - top;
    long[] above = new long[count];
    long[] below = new long[count];
    float[] share = new float[count];
    RowPlace first = RowPlace.of(top, view, alignCorners);
    for (int i = 0; i < count; i++) {
      RowPlace place = RowPlace.of(top + i, view, alignCorners);
      above[i] = (long) place.above() - first.above();
      below[i] = (long) place.below() - first.above();
      share[i] = place.share();
    }
    return Aten.call(
        "torch.lerp(torch.index_select($0, 2, $1), torch.index_select($0, 2, $2), $3)",
        widened(own, view, alignCorners, first.above(), first.above() + (int) below[count - 1] + 1),
        own.create(above),
        own.create(below),
        own.create(share, new Shape(count, 1)));
  }

  /** Some rows of the scores at their enlarged width, {@code 1 K h w -> 1 K to-from W}. */
  static NDArray widened(NDManager own, View view, boolean alignCorners, int from, int to) {
    NDArray rows = view.scores().get(own, new NDIndex("..., {}:{}, :", from, to));
    return Aten.resizeBilinear(rows, to - from, view.enlarged().width(), alignCorners);
  }

  /**
   * Between which rows of the scores a row of the enlarged ones lies, as PyTorch's {@code
   * upsample_bilinear2d} has it.
   *
   * @param share of the row below, 0-1
   */
  record RowPlace(int above, int below, float share) {

    static RowPlace of(int y, View view, boolean alignCorners) {
      int height = (int) view.scores().size(2);
      float at = source(y, height, view.enlarged().height(), alignCorners);
      int above = Math.min((int) at, height - 1);
      return new RowPlace(above, Math.min(above + 1, height - 1), at - above);
    }

    private static float source(int y, int height, int enlarged, boolean alignCorners) {
      if (alignCorners) {
        return enlarged > 1 ? y * ((height - 1) / (float) (enlarged - 1)) : 0;
      }
      float scale = height / (float) enlarged;
      return Math.max(0, scale * (y + 0.5f) - 0.5f);
    }
  }
}
