package org.segtrain.loss.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import org.segtrain.data.Sample;
import org.segtrain.engine.Aten;

/**
 * The pixels of a batch that a model finds hard: their own class has a probability below 0.9, or
 * they are among the hundred thousand with the lowest. Online hard example mining, Shrivastava et
 * al. (arXiv:1604.03540), in the form that HRNet and HRFormer train with.
 *
 * @param labels {@code B H W}, int64, those of all other pixels void
 * @param count how many there are
 */
public record HardPixels(NDArray labels, long count) {

  private static final double EASY = 0.9; // probability
  private static final int KEPT = 100_000; // pixels

  /**
   * Finds them.
   *
   * @param scores {@code B K h w}, float32
   * @param labels {@code B H W}, int64
   * @param alignCorners how the scores are enlarged
   */
  public static HardPixels of(NDArray scores, NDArray labels, boolean alignCorners) {
    return of(scores, labels, alignCorners, KEPT);
  }

  /** With {@code kept} pixels in the place of a hundred thousand. */
  public static HardPixels of(NDArray scores, NDArray labels, boolean alignCorners, int kept) {
    NDManager outer = scores.getManager();
    try (NDManager scope = outer.newSubManager()) {
      NDArray valid = labels.neq(Sample.VOID);
      valid.attach(scope);
      long count = valid.sum().getLong();
      NDArray losses = losses(scope, scores, labels, alignCorners); // B H W
      int rank = (int) Math.min(kept, count - 1);
      double threshold = -Math.log(EASY);
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

  /** What each counts, if all of them together count 1; 0 if there is none. */
  public double pixelWeight() {
    return count == 0 ? 0 : 1.0 / count;
  }

  /** What each pixel adds to the loss, {@code -log} of the probability of its class. */
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
        NDArray loss = Aten.crossEntropies(large, label, Sample.VOID); // 1 H W
        loss.attach(scope);
        losses.add(loss);
      }
    }
    return NDArrays.concat(losses);
  }
}
