package org.segtrain.loss.internal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import org.segtrain.data.Sample;
import org.segtrain.engine.Aten;
import org.segtrain.engine.Scalars;

/**
 * The pixels of a batch that a model finds hard: their own class has a probability below a
 * threshold, or they are among a given number with the lowest. Online hard example mining,
 * Shrivastava et al. (arXiv:1604.03540), in the form of HRNet and HRFormer, with 0.9 and 100,000
 * pixels of each forward pass.
 *
 * @param labels {@code B H W}, int64, those of all other pixels void
 * @param count how many there are, an int64 scalar on the device, so that nothing waits for it
 */
record HardPixels(NDArray labels, NDArray count) {

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
      NDArray valid = Voids.valid(labels);
      valid.attach(scope);
      NDArray losses = losses(scope, scores, labels, alignCorners); // B H W
      NDArray hard = losses.gt(threshold(losses, valid.sum(), easy, kept)).logicalAnd(valid);
      NDArray others =
          Aten.call("torch.masked_fill($0, $1, $2)", labels, hard.logicalNot(), Sample.VOID);
      NDArray count = hard.sum();
      count.attach(outer);
      return new HardPixels(others, count);
    }
  }

  /**
   * The loss above which a pixel is hard, one number. Void pixels have the loss 0, so they come
   * after all others.
   *
   * @param count of valid pixels
   */
  private static NDArray threshold(NDArray losses, NDArray count, double easy, int kept) {
    int most = (int) Math.min(kept + 1L, losses.size());
    NDArray highest = losses.flatten().topK(most, 0, true, true).head();
    NDArray rank =
        Aten.call("torch.clamp($0, 0, $1)", Aten.call("torch.sub($0, 1)", count), most - 1);
    NDArray next = Aten.rows(highest, rank.reshape(1));
    return easy == 0 // whose logarithm is infinite
        ? next
        : Aten.call("torch.clamp_max($0, $1)", next, -Math.log(easy));
  }

  /** Finds those of each image alone. */
  static HardPixels ofEach(
      NDArray scores, NDArray labels, boolean alignCorners, double easy, int kept) {
    NDManager outer = scores.getManager();
    try (NDManager scope = outer.newSubManager()) {
      NDList others = new NDList();
      NDList counts = new NDList();
      for (long i = 0; i < scores.size(0); i++) {
        NDIndex image = new NDIndex("{}:{}", i, i + 1);
        NDArray score = scores.get(scope, image);
        HardPixels own = of(score, labels.get(scope, image), alignCorners, easy, kept);
        others.add(own.labels());
        counts.add(own.count());
      }
      NDArray all = NDArrays.concat(others);
      all.attach(outer);
      NDArray count = NDArrays.stack(counts).sum();
      count.attach(outer);
      return new HardPixels(all, count);
    }
  }

  /** The weight of each, a float64 scalar, if they sum to {@code sum}; finite if there is none. */
  NDArray pixelWeight(double sum) {
    try (NDArray pixels = Aten.call("torch.clamp_min($0, 1)", count);
        NDArray all = Scalars.of(count, sum)) {
      return all.div(pixels);
    }
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
