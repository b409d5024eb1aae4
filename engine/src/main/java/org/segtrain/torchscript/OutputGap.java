package org.segtrain.torchscript;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.types.DataType;
import java.util.Set;

/** How far one output of a file is from that of its block, over all samples. */
final class OutputGap {

  /** The axes of scores: {@code B K} or {@code B K H W}. */
  private static final Set<Integer> SCORES = Set.of(2, 4);

  private double difference;
  private double magnitude;
  private long places;
  private long equal;

  /** Adds one sample: two arrays of the same shape and type. */
  void add(NDArray found, NDArray wanted) {
    if (!wanted.getDataType().isFloating()) {
      count(found.eq(wanted));
      return;
    }
    measure(found.toType(DataType.FLOAT64, true), wanted.toType(DataType.FLOAT64, true));
    if (SCORES.contains(wanted.getShape().dimension())) {
      count(found.argMax(1).eq(wanted.argMax(1)));
    }
  }

  /** Infinite elements are as far apart as can be, unless they are the same. */
  private void measure(NDArray found, NDArray wanted) {
    NDArray same = found.eq(wanted).logicalOr(found.isNaN().logicalAnd(wanted.isNaN()));
    NDArray gap = NDArrays.where(same, found.zerosLike(), found.sub(wanted).abs());
    NDArray infinite = wanted.isInfinite().logicalOr(wanted.isNaN());
    NDArray size = NDArrays.where(infinite, wanted.zerosLike(), wanted.abs());
    difference = Math.max(difference, gap.max().getDouble());
    magnitude = Math.max(magnitude, size.max().getDouble());
  }

  private void count(NDArray same) {
    equal += same.toType(DataType.INT64, false).sum().getLong();
    places += same.size();
  }

  /** The largest absolute difference between two elements; NaN if only one is no number. */
  double difference() {
    return difference;
  }

  /** The largest finite element of what the block gave. */
  double magnitude() {
    return magnitude;
  }

  /** How many classes or whole numbers were compared. */
  long places() {
    return places;
  }

  /** How many of them are the same. */
  long equal() {
    return equal;
  }
}
