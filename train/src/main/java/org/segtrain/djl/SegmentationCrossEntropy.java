package org.segtrain.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.loss.Loss;
import java.util.Arrays;
import java.util.List;
import org.segtrain.data.Dataset;
import org.segtrain.data.Sample;
import org.segtrain.engine.Aten;
import org.segtrain.engine.Autograd;
import org.segtrain.errors.Counted;
import org.segtrain.heads.SegmentationModel;
import org.segtrain.loss.internal.ClassWeights;
import org.segtrain.loss.internal.SegmentationLoss;

/**
 * The loss of this project's training for DJL's {@code Trainer}: cross-entropy of scores enlarged
 * to the size of the labels, the mean over the pixels that are not void. In training it adds that
 * of the auxiliary scores, times their weights. A batch of nothing but void pixels has the loss 0.
 *
 * <p>The gradient is taken image by image, so the enlarged scores of only one image are in memory.
 * The result carries that gradient, times whatever factor it is used with; it has no second
 * derivative.
 */
public final class SegmentationCrossEntropy extends Loss {

  private static final int LABELS = Sample.VOID + 1;

  private final List<Double> lossWeights;
  private final boolean alignCorners;
  private final ClassWeights classWeights; // null: all classes count the same

  private SegmentationCrossEntropy(SegmentationModel model, ClassWeights classWeights) {
    super("cross-entropy");
    this.lossWeights = model.lossWeights();
    this.alignCorners = model.alignCorners();
    this.classWeights = classWeights;
  }

  /** The loss of {@code model}, whose classes all count the same. */
  public static SegmentationCrossEntropy of(SegmentationModel model) {
    return new SegmentationCrossEntropy(model, null);
  }

  /**
   * The loss of {@code model} with weights of its classes, from their pixels in the training split.
   *
   * @param balance 0 for none; at 1 all classes count the same
   */
  public static SegmentationCrossEntropy of(
      SegmentationModel model, Dataset dataset, double balance) {
    return new SegmentationCrossEntropy(model, ClassWeights.of(dataset, balance));
  }

  /**
   * The loss, a single number in the manager of the scores.
   *
   * @param labels one array, {@code B H W}, int64: classes, or 255 for void
   * @param scores {@code B K h w}, float32, the final ones first; in validation those alone
   * @throws IllegalArgumentException if a label is not a class of the model, or the numbers of
   *     scores or the shapes do not fit
   */
  @Override
  public NDArray evaluate(NDList labels, NDList scores) {
    if (scores.size() != 1 && scores.size() != lossWeights.size()) {
      throw new IllegalArgumentException(
          "the model gives %s of scores in training and 1 in validation, but there are %d"
              .formatted(Counted.of(lossWeights.size(), "array"), scores.size()));
    }
    NDManager outer = scores.head().getManager();
    try (NDManager scope = outer.newSubManager()) {
      NDArray classes = LabelArrays.of(labels, scores.head(), scope); // B H W
      double pixelWeight = pixelWeight(classes, scores.head().size(1));
      NDArray sum = term(scope, scores.head(), classes, lossWeights.get(0) * pixelWeight);
      for (int i = 1; i < scores.size(); i++) {
        sum = sum.add(term(scope, scores.get(i), classes, lossWeights.get(i) * pixelWeight));
      }
      sum.attach(outer);
      return sum;
    }
  }

  /** The weight of one pixel, if those of all that are not void sum to 1; 0 if there are none. */
  private double pixelWeight(NDArray labels, long classes) {
    long[] counts = counts(labels);
    for (int k = (int) classes; k < counts.length; k++) {
      if (counts[k] > 0 && k != Sample.VOID) {
        throw new IllegalArgumentException(
            "%s of the masks %s the label %d, but the model's are 0-%d and 255 = void; correct them"
                .formatted(
                    Counted.of(counts[k], "pixel"),
                    counts[k] == 1 ? "has" : "have",
                    k,
                    classes - 1));
      }
    }
    double total =
        classWeights == null
            ? Arrays.stream(counts, 0, (int) classes).sum()
            : classWeights.total(counts);
    return total == 0 ? 0 : 1 / total;
  }

  private static long[] counts(NDArray labels) {
    try (NDArray counts =
        Aten.call("torch.bincount(torch.flatten($0), None, $1)", labels, LABELS)) {
      return counts.toLongArray();
    }
  }

  /** The contribution of one of the model's scores to the loss. */
  @SuppressWarnings("try") // the switch of autograd is there to be closed
  private NDArray term(NDManager scope, NDArray scores, NDArray labels, double pixelWeight) {
    NDArray weights = classWeights == null ? null : classWeights.array(scope);
    SegmentationLoss loss;
    try (Autograd on = Autograd.on()) {
      loss = SegmentationLoss.of(scores, labels, weights, pixelWeight, alignCorners);
    }
    loss.number().attach(scope);
    loss.gradient().attach(scope);
    NDArray gradient =
        loss.gradient().duplicate(); // what came from autograd cannot be saved for it
    NDArray linear = Aten.call("torch.sum(torch.mul($0, $1))", scores, gradient);
    linear.attach(scope);
    NDArray value = loss.number().toType(DataType.FLOAT32, false);
    return linear.sub(linear.stopGradient()).add(value); // the value, with the known gradient
  }
}
