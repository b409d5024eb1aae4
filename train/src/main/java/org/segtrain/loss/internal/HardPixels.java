package org.segtrain.loss.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import org.segtrain.data.Sample;
import org.segtrain.engine.Aten;

/**
 * The pixels of a batch that a model finds hard: their own class has a probability below a
 * threshold, or they are among a given number with the lowest. Online hard example mining,
 * Shrivastava et al. (arXiv:1604.03540), in the form of HRNet and HRFormer, with 0.9 and 100,000
 * pixels of each forward pass.
 *
 * @param labels {@code B H W}, int64, those of all other pixels void
 * @param count how many there are
 */
record HardPixels(NDArray labels, long count) {

  /**
   * Finds them.
   *
   * @param scores {@code B K h w}, float32
   * @param labels {@code B H W}, int64
   * @param alignCorners how the scores are enlarged
   * @param easy probability from which on a pixel is not hard, unless too few are
   * @param kept how many pixels are hard at least
   */
  static HardPixels of(
      NDArray scores, NDArray labels, boolean alignCorners, double easy, int kept) {
    NDManager outer = scores.getManager();
    try (NDManager scope = outer.newSubManager()) {
      NDArray valid = labels.neq(Sample.VOID);
      valid.attach(scope);
      long count = valid.sum().getLong();
      NDArray losses = losses(scope, scores, labels, alignCorners); // B H W
      int rank = (int) Math.min(kept, count - 1);
      double threshold = -Math.log(easy);
      if (rank >= 0) {
        NDList highest = losses.flatten().topK(rank + 1, 0, true, false);
        threshold = Math.min(threshold, highest.head().min().getFloat());
      }
      NDArray hard = losses.gt(threshold).logicalAnd(valid);
      NDArray others =
          Aten.call("torch.masked_fill($0, $1, $2)", labels, hard.logicalNot(), Sample.VOID);
      return new HardPixels(others, hard.sum().getLong());
    }
  }

  /** Finds those of each image alone. */
  static HardPixels ofEach(
      NDArray scores, NDArray labels, boolean alignCorners, double easy, int kept) {
    NDList others = new NDList();
    long count = 0;
    for (long i = 0; i < scores.size(0); i++) {
      NDIndex image = new NDIndex("{}:{}", i, i + 1);
      HardPixels own = of(scores.get(image), labels.get(image), alignCorners, easy, kept);
      others.add(own.labels());
      count += own.count();
    }
    return new HardPixels(NDArrays.concat(others), count);
  }

  /** The weight of each, if they sum to 1; 0 if there is none. */
  double pixelWeight() {
    return count == 0 ? 0 : 1.0 / count;
  }

  /** The contribution of each pixel to the loss, {@code -log} of the probability of its class. */
  private static NDArray losses(
      NDManager scope, NDArray scores, NDArray labels, boolean alignCorners) {
    NDArray constant = scores.stopGradient();
    constant.attach(scope);
    NDList losses = new NDList();
    for (long i = 0; i < scores.size(0); i++) { // enlarged scores of one image at a time
      NDIndex image = new NDIndex("{}:{}", i, i + 1);
      try (NDManager own = scope.newSubManager()) {
        NDArray score = constant.get(image);
        score.attach(own);
        NDArray label = labels.get(image);
        label.attach(own);
        NDArray large =
            Aten.resizeBilinear(score, label.size(1), label.size(2), alignCorners); // 1 K H W
        NDArray loss = Aten.crossEntropies(large, label, null, Sample.VOID, 0); // 1 H W
        loss.attach(scope);
        losses.add(loss);
      }
    }
    return NDArrays.concat(losses);
  }
}
