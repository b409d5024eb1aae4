package org.segtrain.loss.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import java.util.List;
import org.segtrain.data.Sample;
import org.segtrain.engine.Aten;
import org.segtrain.engine.Autograd;

/**
 * Cross-entropy of scores enlarged to the size of the labels, void pixels left out, with its
 * gradient.
 *
 * <p>The enlarged scores are the largest arrays of a training step: 150 classes at 512x512 take 157
 * MB, and their soft-max and gradient as much again. So each image has its gradient taken at once,
 * back to the small scores, and only one image's arrays are ever in memory.
 *
 * @param value the loss
 * @param gradient of the loss with respect to the scores, {@code B K H/4 W/4}
 */
public record SegmentationLoss(double value, NDArray gradient) {

  /** The loss of a batch whose targets are the labels alone. */
  public static SegmentationLoss of(
      NDArray scores,
      NDArray labels,
      NDArray classWeights,
      double pixelWeight,
      boolean alignCorners) {
    return of(scores, labels, classWeights, pixelWeight, alignCorners, 0);
  }

  /**
   * The loss of a batch.
   *
   * @param scores {@code B K h w}, float32
   * @param labels {@code B H W}, int64
   * @param classWeights {@code K} factors, or null for ones
   * @param pixelWeight what each pixel counts: for a mean, 1 / sum of the valid pixels' factors
   * @param alignCorners how the scores are enlarged
   * @param smoothing share of the target that is spread over all classes, 0-1
   */
  public static SegmentationLoss of(
      NDArray scores,
      NDArray labels,
      NDArray classWeights,
      double pixelWeight,
      boolean alignCorners,
      double smoothing) {
    double value = 0;
    NDList gradients = new NDList();
    NDArray constant = scores.stopGradient();
    for (long i = 0; i < scores.size(0); i++) {
      try (NDManager scope = scores.getManager().newSubManager()) {
        NDArray label = labels.get(new NDIndex("{}:{}", i, i + 1));
        label.attach(scope);
        NDArray score = constant.get(new NDIndex("{}:{}", i, i + 1));
        score.attach(scope);
        score.setRequiresGradient(true);
        NDArray large = Aten.resizeBilinear(score, label.size(1), label.size(2), alignCorners);
        NDArray sum = Aten.crossEntropySum(large, label, classWeights, Sample.VOID, smoothing);
        large.close(); // its soft-max is what the gradient needs
        NDArray weight = scope.create(pixelWeight).toType(score.getDataType(), false);
        NDArray gradient = Autograd.gradients(List.of(sum), List.of(weight), List.of(score)).get(0);
        gradient.attach(scores.getManager());
        gradients.add(gradient);
        value += sum.toType(DataType.FLOAT64, false).getDouble() * pixelWeight;
      }
    }
    constant.close();
    if (gradients.size() == 1) {
      return new SegmentationLoss(value, gradients.head());
    }
    NDArray gradient = NDArrays.concat(gradients);
    gradients.close();
    return new SegmentationLoss(value, gradient);
  }
}
