package org.segtrain.loss.internal;

import ai.djl.ndarray.NDArray;
import org.segtrain.data.Sample;
import org.segtrain.engine.Aten;
import org.segtrain.engine.internal.CpuKernels;

/**
 * Losses that are a sum over pixels. Void ones add nothing.
 *
 * @param classWeights {@code K} factors, or null for ones
 * @param smoothing share of the target that is spread over all classes, 0-1
 */
record PixelLosses(NDArray classWeights, double smoothing) {

  private static final double LEAST = 1e-7; // below which 1 - p has no power with a gradient

  /** Cross-entropy. */
  NDArray crossEntropy(Scores scores, NDArray labels) {
    NDArray small = scores.small();
    return CpuKernels.serve(small)
        ? Aten.enlargedCrossEntropySum(
            small, labels, classWeights, Sample.VOID, smoothing, scores.alignCorners())
        : Aten.crossEntropySum(scores.large(), labels, classWeights, Sample.VOID, smoothing);
  }

  /**
   * Focal loss, {@code -w (1 - p)^gamma log(p)} with the weight w and the probability p of a
   * pixel's class, by a softmax. Lin et al. (arXiv:1708.02002), equation 5.
   */
  NDArray focal(NDArray scores, NDArray labels, double gamma) {
    NDArray logs = Aten.call("torch.log_softmax($0, 1)", scores); // n K H W
    NDArray plain = logLoss(logs, labels, null); // n H W
    NDArray weighted = classWeights == null ? plain : logLoss(logs, labels, classWeights);
    NDArray missing = Aten.call("torch.expm1($0)", plain.neg()).neg(); // 1 - p
    NDArray power =
        Aten.call("torch.pow($0, $1)", Aten.call("torch.clamp_min($0, $1)", missing, LEAST), gamma);
    return weighted.mul(power).sum();
  }

  private static NDArray logLoss(NDArray logs, NDArray labels, NDArray weights) {
    return Aten.call("torch.nll_loss_nd($0, $1, $2, 0, $3)", logs, labels, weights, Sample.VOID);
  }

  /**
   * Cross-entropy in which a pixel counts {@code 1 + factor} if a pixel of another class is at most
   * {@code width} rows and columns away. As in U-Net (arXiv:1505.04597, equation 2), weights of
   * borders are added to 1 and don't change the divisor of the sum.
   */
  NDArray boundary(NDArray scores, NDArray labels, double factor, int width) {
    NDArray losses =
        Aten.crossEntropies(scores, labels, classWeights, Sample.VOID, smoothing); // n H W
    NDArray near = near(labels, width);
    return Aten.addScaled(losses, losses.mul(near), factor).sum();
  }

  /** Ones where two classes are within the window, zeros elsewhere; float32. */
  private static NDArray near(NDArray labels, int width) {
    NDArray ofVoid = Voids.of(labels);
    NDArray highest = windows(Aten.call("torch.masked_fill($0, $1, -1)", labels, ofVoid), width);
    NDArray lowest =
        windows(
                Aten.call("torch.masked_fill($0, $1, $2)", labels, ofVoid, Sample.VOID + 1).neg(),
                width)
            .neg();
    return Aten.toFloat32(highest.gt(lowest));
  }

  /** The highest label of each window. */
  private static NDArray windows(NDArray labels, int width) {
    int side = 2 * width + 1;
    return Aten.call(
        "torch.max_pool2d($0, [$1, $1], [1, 1], [$2, $2])", Aten.toFloat32(labels), side, width);
  }
}
