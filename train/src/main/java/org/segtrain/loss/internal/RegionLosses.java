package org.segtrain.loss.internal;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.stream.LongStream;
import org.segtrain.data.Sample;
import org.segtrain.engine.Aten;
import org.segtrain.engine.Staging;

/**
 * Losses that compare regions: of all pixels that they are given together. Void pixels belong to
 * none.
 */
final class RegionLosses {

  private RegionLosses() {}

  /**
   * Soft Dice, {@code 1 - (2 Σ p g + s) / (Σ p^e + Σ g + s)}, the mean over the classes, absent
   * ones too. With the exponent 2 that of V-Net (arXiv:1606.04797, section 3) in the form of
   * MMSegmentation 0.x, but void pixels are left out of the denominator too.
   */
  static NDArray dice(NDArray scores, NDArray labels, double exponent, double smooth) {
    NDArray p = Aten.softmax(scores, 1); // n K H W
    NDArray truth = truth(labels, scores.size(1));
    NDArray both = perClass(p.mul(truth)); // K
    NDArray sizes = perClass(valid(Aten.call("torch.pow($0, $1)", p, exponent), labels));
    NDArray all = sizes.add(perClass(truth));
    return missing(plus(Aten.scaled(both, 2), smooth).div(plus(all, smooth)));
  }

  /**
   * Tversky, {@code 1 - (TP + s) / (TP + alpha FP + beta FN + s)} of soft counts, the mean over the
   * classes, absent ones too. Salehi et al. (arXiv:1706.05721), equation 3.
   */
  static NDArray tversky(NDArray scores, NDArray labels, double alpha, double beta, double smooth) {
    NDArray p = Aten.softmax(scores, 1); // n K H W
    NDArray truth = truth(labels, scores.size(1));
    NDArray both = perClass(p.mul(truth)); // K
    NDArray wrong = perClass(valid(p, labels)).sub(both);
    NDArray missed = perClass(truth).sub(both);
    NDArray all = Aten.addScaled(Aten.addScaled(both, wrong, alpha), missed, beta);
    return missing(plus(both, smooth).div(plus(all, smooth)));
  }

  /**
   * Lovász-softmax, the mean over the classes that are present: the extension of a class's Jaccard
   * loss to errors of probability. Berman et al. (arXiv:1705.08790), section 3, algorithm 1. A void
   * pixel has the error 0, which adds nothing wherever it is sorted to.
   */
  static NDArray lovasz(NDArray scores, NDArray labels) {
    long[] present = present(labels, scores.size(1));
    NDManager manager = scores.getManager();
    if (present.length == 0) {
      return Aten.scaled(scores.sum(), 0);
    }
    NDArray ids = own(manager, present);
    NDArray p = Aten.call("torch.index_select($0, 1, $1)", Aten.softmax(scores, 1), ids);
    NDArray truth = Aten.toFloat32(is(labels, ids)); // n C H W
    NDArray errors = rows(valid(truth.sub(p).abs(), labels)); // C n*H*W
    NDArray order = Aten.call("torch.argsort($0, 1, True)", errors);
    NDArray growth = growth(Aten.call("torch.gather($0, 1, $1)", rows(truth), order));
    NDArray sorted = Aten.call("torch.gather($0, 1, $1)", errors, order);
    return sorted.mul(growth).sum(new int[] {1}).mean();
  }

  /** By how much the Jaccard loss grows with each further wrong pixel. {@code C N -> C N}. */
  private static NDArray growth(NDArray truth) {
    NDArray sizes = Aten.call("torch.sum($0, [1], True)", truth); // C 1
    NDArray left = sizes.sub(truth.cumSum(1));
    NDArray union = sizes.add(Aten.call("torch.cumsum(torch.rsub($0, 1), 1)", truth));
    NDArray losses = Aten.call("torch.rsub($0, 1)", left.div(union));
    NDArray before = losses.getManager().zeros(new Shape(truth.size(0), 1));
    return Aten.call("torch.diff($0, 1, 1, $1)", losses, before);
  }

  /** The classes that a pixel has. */
  private static long[] present(NDArray labels, long classes) {
    NDArray counts =
        Aten.call("torch.bincount(torch.flatten($0), None, $1)", labels, Sample.VOID + 1);
    long[] numbers = counts.toLongArray();
    return LongStream.range(0, classes).filter(k -> numbers[(int) k] > 0).toArray();
  }

  /** One for the pixels of each class, else zero. {@code n H W -> n K H W}. */
  private static NDArray truth(NDArray labels, long classes) {
    return is(labels, own(labels.getManager(), LongStream.range(0, classes).toArray()));
  }

  /**
   * In memory of the engine's own: the buffer of an array that DJL creates from Java may be freed
   * before a backward pass.
   */
  private static NDArray own(NDManager manager, long[] numbers) {
    try (NDManager host = manager.newSubManager(Device.cpu());
        NDArray moved = Staging.onDevice(host.create(numbers), manager)) {
      return moved.duplicate();
    }
  }

  private static NDArray is(NDArray labels, NDArray ids) {
    return labels.expandDims(1).eq(ids.reshape(1, -1, 1, 1));
  }

  /** Zeros where the label is void; frees {@code values}, which are as large as the scores. */
  private static NDArray valid(NDArray values, NDArray labels) {
    NDArray product = values.mul(Voids.valid(labels).expandDims(1));
    values.close();
    return product;
  }

  /** Sums over the pixels, {@code n K H W -> K}; frees {@code values}. */
  private static NDArray perClass(NDArray values) {
    NDArray sums = Aten.call("torch.sum($0, [0, 2, 3], False)", values);
    values.close();
    return sums;
  }

  /** {@code n C H W -> C n*H*W}. */
  private static NDArray rows(NDArray values) {
    return values.transpose(1, 0, 2, 3).reshape(values.size(1), -1);
  }

  private static NDArray plus(NDArray values, double number) {
    return Aten.call("torch.add($0, $1)", values, number);
  }

  /** 1 minus the mean. */
  private static NDArray missing(NDArray shares) {
    return Aten.call("torch.rsub($0, 1)", shares.mean());
  }
}
