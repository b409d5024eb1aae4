package org.segtrain.loss.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import java.util.ArrayList;
import java.util.List;
import org.segtrain.engine.ArrayLists;
import org.segtrain.engine.Aten;
import org.segtrain.engine.Autograd;
import org.segtrain.engine.Scalars;

/**
 * A loss of scores enlarged to the size of the labels, with its gradient.
 *
 * <p>The enlarged scores are the largest arrays of a training step: 150 classes at 512x512 take 157
 * MB, and their soft-max and gradient as much again. So the gradient of each image is taken at
 * once, back to the small scores. Only one image's arrays are ever in memory, unless a part
 * compares the images of the whole batch. Cross-entropy enlarges nothing where it has a kernel.
 *
 * @param number the loss, a float64 scalar on the device, so that nothing waits for it
 * @param gradient of the loss with respect to the scores, {@code B K H/4 W/4}
 */
public record SegmentationLoss(NDArray number, NDArray gradient) {

  /**
   * A summand.
   *
   * @param labels {@code B H W}, int64
   * @param factor what the formula's number is multiplied by, a float64 scalar
   * @param whole whether the formula needs all images together
   */
  record Part(Formula formula, NDArray labels, NDArray factor, boolean whole) {

    /** The number of some images, and nothing else that it is computed from. */
    private NDArray sum(Scores scores, NDIndex images) {
      NDManager outer = scores.small().getManager();
      try (NDManager scope = outer.newSubManager()) {
        NDArray label = labels.get(images);
        label.attach(scope);
        Scores own =
            new Scores(
                view(scores.small(), scope),
                () -> view(scores.large(), scope),
                scores.alignCorners());
        NDArray sum = formula.of(own, label);
        sum.attach(outer);
        return sum;
      }
    }

    /** The same array; what is computed of it belongs to {@code scope}. */
    private static NDArray view(NDArray array, NDManager scope) {
      NDArray view = array.reshape(array.getShape());
      view.attach(scope);
      return view;
    }
  }

  /** The loss, read back from the device. */
  public double value() {
    return number.getDouble();
  }

  /**
   * The cross-entropy of a batch, void pixels left out.
   *
   * @param scores {@code B K h w}, float32
   * @param labels {@code B H W}, int64
   * @param classWeights {@code K} factors, or null for ones
   * @param pixelWeight the weight of each pixel: for a mean, 1 / sum of the valid pixels' factors
   * @param alignCorners how the scores are enlarged
   */
  public static SegmentationLoss of(
      NDArray scores,
      NDArray labels,
      NDArray classWeights,
      double pixelWeight,
      boolean alignCorners) {
    return of(scores, labels, classWeights, pixelWeight, alignCorners, 0);
  }

  /** The same with {@code smoothing}, the share of the target that is spread over all classes. */
  static SegmentationLoss of(
      NDArray scores,
      NDArray labels,
      NDArray classWeights,
      double pixelWeight,
      boolean alignCorners,
      double smoothing) {
    Formula formula = new PixelLosses(classWeights, smoothing)::crossEntropy;
    try (NDArray factor = Scalars.of(scores, pixelWeight)) {
      return of(scores, List.of(new Part(formula, labels, factor, false)), alignCorners);
    }
  }

  /**
   * The sum of parts of a batch.
   *
   * @param scores {@code B K h w}, float32
   * @param parts at least one
   */
  static SegmentationLoss of(NDArray scores, List<Part> parts, boolean alignCorners) {
    long images = scores.size(0);
    List<Part> together = parts.stream().filter(part -> part.whole() && images > 1).toList();
    List<Part> each = parts.stream().filter(part -> !together.contains(part)).toList();
    NDArray constant = scores.stopGradient();
    List<SegmentationLoss> sums = new ArrayList<>();
    if (!each.isEmpty()) {
      sums.add(ofEach(constant, each, alignCorners));
    }
    if (!together.isEmpty()) {
      sums.add(ofImages(constant, 0, images, together, alignCorners));
    }
    constant.close();
    SegmentationLoss sum = sums.get(0);
    if (sums.size() == 1) {
      return sum;
    }
    SegmentationLoss more = sums.get(1);
    ArrayLists.add(List.of(sum.gradient()), List.of(more.gradient()));
    more.gradient().close();
    return new SegmentationLoss(sum(new NDList(sum.number(), more.number())), sum.gradient());
  }

  /** Image by image. */
  private static SegmentationLoss ofEach(NDArray scores, List<Part> parts, boolean alignCorners) {
    NDList numbers = new NDList();
    NDList gradients = new NDList();
    for (long i = 0; i < scores.size(0); i++) {
      SegmentationLoss one = ofImages(scores, i, i + 1, parts, alignCorners);
      gradients.add(one.gradient());
      numbers.add(one.number());
    }
    if (gradients.size() == 1) {
      return new SegmentationLoss(numbers.head(), gradients.head());
    }
    NDArray gradient = NDArrays.concat(gradients);
    gradients.close();
    return new SegmentationLoss(sum(numbers), gradient);
  }

  /** Their sum, from the first to the last. */
  private static NDArray sum(NDList numbers) {
    try (numbers) {
      NDArray sum = numbers.head().duplicate();
      for (NDArray number : numbers.subNDList(1)) {
        sum.addi(number);
      }
      return sum;
    }
  }

  /** Some images, from one number to before another. */
  private static SegmentationLoss ofImages(
      NDArray scores, long from, long to, List<Part> parts, boolean alignCorners) {
    NDIndex images = new NDIndex("{}:{}", from, to);
    try (NDManager scope = scores.getManager().newSubManager()) {
      NDArray score = scores.get(images);
      score.attach(scope);
      score.setRequiresGradient(true);
      Enlarged enlarged = new Enlarged(score, parts.get(0).labels(), alignCorners);
      Scores own = new Scores(score, enlarged::array, alignCorners);
      List<NDArray> sums = new ArrayList<>();
      List<NDArray> weights = new ArrayList<>();
      NDList numbers = new NDList();
      for (Part part : parts) {
        NDArray sum = part.sum(own, images);
        sums.add(sum);
        NDArray factor = part.factor().toType(sum.getDataType(), true);
        factor.attach(scope);
        weights.add(factor);
        numbers.add(sum.stopGradient().toType(DataType.FLOAT64, false).mul(part.factor()));
      }
      enlarged.close(); // the gradient needs its soft-max alone
      NDArray gradient = Autograd.gradients(sums, weights, List.of(score)).get(0);
      gradient.attach(scores.getManager());
      NDArray number = sum(numbers);
      number.attach(scores.getManager());
      return new SegmentationLoss(number, gradient);
    }
  }

  /** Scores that are enlarged to the size of the labels once a part asks. */
  private static final class Enlarged {
    private final NDArray scores;
    private final NDArray labels;
    private final boolean alignCorners;
    private NDArray array;

    Enlarged(NDArray scores, NDArray labels, boolean alignCorners) {
      this.scores = scores;
      this.labels = labels;
      this.alignCorners = alignCorners;
    }

    NDArray array() {
      if (array == null) {
        array = Aten.resizeBilinear(scores, labels.size(1), labels.size(2), alignCorners);
      }
      return array;
    }

    void close() {
      if (array != null) {
        array.close();
      }
    }
  }
}
